#!/usr/bin/env bash
# The long run: every parser of bytes from outside on damaged files, then rounds of kill -9 and of a full disk on the real service.
# FUZZ_CASES, FUZZ_SEED: as in tests/Timeline.Tests/Fuzz. SOAK_ROUNDS: rounds of each kind; SOAK_SEED: the seed of the first;
# SOAK_MINUTES: no round of a kind begins after half of it. Ends by itself; what fails names its seed and how to repeat it.
set -euo pipefail

cd "$(dirname "$0")/../.."
minutes=${SOAK_MINUTES:-20}
export FUZZ_CASES=${FUZZ_CASES:-100000} SOAK_ROUNDS=${SOAK_ROUNDS:-50} SOAK_MINUTES=$(((minutes + 1) / 2))
SOAK_REPORT=$(mktemp)
export SOAK_REPORT
trap 'rm -f "$SOAK_REPORT"' EXIT

code=0
echo "Fuzz: $FUZZ_CASES cases over all parsers, seed ${FUZZ_SEED:-1}."
FILTER="FullyQualifiedName~ParserFuzz" infra/local/test.sh tests/Timeline.Tests || code=1

echo "Soak: up to $SOAK_ROUNDS rounds of each kind from seed ${SOAK_SEED:-1}, about $minutes minutes in all."
FILTER="Category=Soak" infra/local/test.sh tests/Timeline.Tests.Integration || code=1
cat "$SOAK_REPORT"
if ! grep -q '^FullDiskRounds' "$SOAK_REPORT"; then
  echo "No disk was filled: that mounts a small tmpfs, which takes Linux and root. Run make soak as root for these rounds." >&2
fi

exit "$code"
