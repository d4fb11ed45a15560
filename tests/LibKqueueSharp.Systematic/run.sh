#!/usr/bin/env bash
# Runs each of Schedules.cs under schedules of Coyote's choice: run.sh [SCHEDULES]. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")"
export COYOTE_CLI_TELEMETRY_OPTOUT=1 DOTNET_ROLL_FORWARD=Major
schedules=${1:-1000}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
dotnet tool restore >/dev/null && dotnet build -c Release -v q -o "$out" >"$out/build.log" || { cat "$out/build.log"; echo "0 passed, 1 failed"; exit 1; }
dotnet coyote rewrite "$out/LibKqueueSharp.Systematic.dll" >/dev/null || { echo "0 passed, 1 failed"; exit 1; }
passed=0
failed=0
for name in $(grep -oP '(?<=public static void )\w+' Schedules.cs); do
    if dotnet coyote test "$out/LibKqueueSharp.Systematic.dll" -m "LibKqueueSharp.Systematic.Schedules.$name" -i "$schedules" >"$out/log" 2>&1; then
        passed=$((passed + 1))
        echo "passed $name: $(grep -o 'Explored .*' "$out/log")"
    else
        failed=$((failed + 1))
        echo "failed $name"
        cat "$out/log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
