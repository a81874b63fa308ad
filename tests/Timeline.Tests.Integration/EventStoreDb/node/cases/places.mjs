// Servers with TLS and users, and clusters.
import { all, equal, event, events, name, refusal, that, withClient } from "./tools.mjs";

const secured = (server) => {
  const as = (user) => `esdb://${user ? `${user}@` : ""}${server}`;
  return {
    "tls: an administrator reads and writes": () =>
      withClient(as("admin:changeit"), async (client) => {
        const stream = name();
        equal((await client.appendToStream(stream, events(2))).nextExpectedRevision, 1n);
        equal((await all(client.readStream(stream))).length, 2);
        that((await all(client.readAll({ maxCount: 5 }))).length > 0, "$all");
      }),
    "tls: a wrong password is refused": () =>
      withClient(as("admin:wrong"), async (client) => equal((await refusal(all(client.readAll({ maxCount: 1 })))).code, 16)),
    "tls: an unknown user is refused": () =>
      withClient(as("nobody:changeit"), async (client) => equal((await refusal(all(client.readAll({ maxCount: 1 })))).code, 16)),
    "tls: $all is not for everybody": () =>
      withClient(as(""), async (client) => equal((await refusal(all(client.readAll({ maxCount: 1 })))).type, "access-denied")),
    "tls: streams of the system are not for operators": () =>
      withClient(as("ops:changeit"), async (client) => equal((await refusal(client.appendToStream("$own", event()))).type, "access-denied")),
    "tls: an untrusted certificate is refused": () =>
      withClient(`esdb://admin:changeit@${server.replace(/&?tlsCAFile=[^&]*/, "")}`, async (client) =>
        equal((await refusal(all(client.readAll({ maxCount: 1 })))).type, "unavailable"),
      ),
  };
};

const clustered = (cluster, follower) => ({
  "cluster: the leader is found": () =>
    withClient(cluster, async (client) => {
      const stream = name();
      equal((await client.appendToStream(stream, events(2), { requiresLeader: true })).nextExpectedRevision, 1n);
      equal((await all(client.readStream(stream))).length, 2);
    }),
  "cluster: a follower names the leader, and the client goes there": () =>
    withClient(follower, async (client) => {
      const stream = name();
      const error = await refusal(client.appendToStream(stream, event(), { requiresLeader: true }));
      equal([error.type, error.leader.address], ["not-leader", "127.0.0.1"]);
      equal((await client.appendToStream(stream, event(), { requiresLeader: true })).success, true);
    }),
  "cluster: a follower forwards what does not ask for the leader": () =>
    withClient(follower, async (client) => equal((await client.appendToStream(name(), event())).success, true)),
});

export const places = ({ secure, cluster, follower }) => ({
  ...(secure ? secured(secure) : {}),
  ...(cluster && follower ? clustered(cluster, follower) : {}),
});
