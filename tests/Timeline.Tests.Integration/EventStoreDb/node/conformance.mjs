// What the official Node.js client sees of a server. One JSON line per case: {"case","ok","error"}; exit code 1 if one failed.
//
//   node conformance.mjs esdb://127.0.0.1:2113?tls=false
//        [--secure "127.0.0.1:2114?tls=true&tlsCAFile=ca.pem"] [--cluster esdb://a:1,b:2?tls=false --follower esdb://b:2?tls=false]
//
// --secure is a server with TLS and the users admin and ops, as a connection string without its beginning.
import { appends } from "./cases/appends.mjs";
import { reads } from "./cases/reads.mjs";
import { subscriptions } from "./cases/subscriptions.mjs";
import { endings } from "./cases/endings.mjs";
import { places } from "./cases/places.mjs";
import { within } from "./cases/tools.mjs";

const [connection, ...rest] = process.argv.slice(2);
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
if (!connection) {
  console.error("Give a connection string, such as esdb://127.0.0.1:2113?tls=false");
  process.exit(2);
}

const cases = {
  ...appends(connection),
  ...reads(connection),
  ...subscriptions(connection),
  ...endings(connection),
  ...places({ secure: option("--secure"), cluster: option("--cluster"), follower: option("--follower") }),
};

// The client warns of what it was given on standard output; the lines of cases are to be alone there.
console.warn = console.error;

// What the client throws where nobody can catch it is the running case's error.
let thrown;
process.on("uncaughtException", (error) => thrown?.(error));

let failed = 0;
for (const [name, run] of Object.entries(cases)) {
  let error = null;
  try {
    const uncaught = new Promise((_, reject) => (thrown = reject));
    await within(Promise.race([run(), uncaught]), `case ${name}`, 20_000);
  } catch (caught) {
    error = String(caught?.stack ?? caught);
    failed++;
  }
  process.stdout.write(JSON.stringify({ case: name, ok: error === null, error }) + "\n");
}
process.exit(failed === 0 ? 0 : 1);
