#!/usr/bin/env bash
# Runs every test suite given as a project, one after the other, and ends with one line that sums them all.
# FILTER chooses the tests; by default all but those that need real files (make test-samples).
# The whole integration suite needs a RabbitMQ, which is installed here where it may be.
# Exit code 0 only if every suite ran, every test passed, and there were tests; 3 where there is no RabbitMQ: the message has the line to type.
set -euo pipefail

cd "$(dirname "$0")/../.."
configuration=Release
filter=${FILTER:-Category!=Samples}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

if [ -z "${FILTER:-}" ] && [[ " $* " == *Integration* ]]; then
  infra/local/rabbitmq install || exit 3
fi

failed_suites=0
for suite in "$@"; do
  log="$out/$(basename "$suite").log"
  if ! dotnet test "$suite" -c "$configuration" --no-build --nologo -v quiet --logger "console;verbosity=minimal" --filter "$filter" 2>&1 | tee "$log"; then
    failed_suites=$((failed_suites + 1))
  fi
done

# The runner's last line of a suite: "Passed!  - Failed:     0, Passed:    31, Skipped:     0, Total:    31, ..."
sums=$(cat "$out"/*.log | awk '
  /(Passed|Failed)! +- Failed:/ {
    line = $0; gsub(/[^0-9,]/, "", line); split(line, n, ","); failed += n[1]; passed += n[2]; suites += 1
  }
  END { print passed + 0, failed + 0, suites + 0 }')
read -r passed failed suites <<<"$sums"

# A suite that could not start or broke off counts as a failure of its own.
if [ "$failed" -eq 0 ] && { [ "$failed_suites" -gt 0 ] || [ "$suites" -ne $# ]; }; then
  failed=$((failed_suites > 0 ? failed_suites : 1))
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
