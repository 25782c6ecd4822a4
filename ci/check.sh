#!/usr/bin/env bash
# The gate as a CI job runs it: one check, all forms of its verdict, a summary where the server shows one.
# Every setting comes in a variable of the environment; none is ever read as code.
#
#   AIBOM_TARGET, AIBOM_POLICY           required
#   AIBOM_WAIVERS, AIBOM_BASELINE        files; empty or not set: none
#   AIBOM_DEPTH, AIBOM_INDEX             how far files are read, and what samples of weights are held against
#   AIBOM_TOKEN_ENV                      name of the variable that holds the Hub's token
#   AIBOM_OUTPUT                         folder for the forms (aibom-verdict)
#   AIBOM_ON_UNDETERMINED                fail (default) or warn
set -euo pipefail
: "${AIBOM_TARGET:?name the model or BOM to check}" "${AIBOM_POLICY:?name the policy}"
folder=${AIBOM_OUTPUT:-aibom-verdict}
mkdir -p -- "$folder"

options=(--policy "$AIBOM_POLICY" --depth "${AIBOM_DEPTH:-headers}" --quiet)
[ -z "${AIBOM_WAIVERS:-}" ] || options+=(--waivers "$AIBOM_WAIVERS")
[ -z "${AIBOM_BASELINE:-}" ] || options+=(--baseline "$AIBOM_BASELINE")
[ -z "${AIBOM_INDEX:-}" ] || options+=(--index "$AIBOM_INDEX")
[ -z "${AIBOM_TOKEN_ENV:-}" ] || options+=(--token-env "$AIBOM_TOKEN_ENV")
for form in json sarif junit markdown; do
    case $form in json) name=verdict.json ;; sarif) name=verdict.sarif ;; junit) name=junit.xml ;; *) name=summary.md ;; esac
    options+=(--write "$form=$folder/$name")
done

code=0
aibom check "${options[@]}" -- "$AIBOM_TARGET" || code=$?

case $code in 0) outcome=pass ;; 1) outcome=fail ;; 3) outcome=undetermined ;; *) exit "$code" ;; esac
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    cat -- "$folder/summary.md" >> "$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf '%s\n' "outcome=$outcome" "sarif=$folder/verdict.sarif" "json=$folder/verdict.json" >> "$GITHUB_OUTPUT"
fi
if [ "$outcome" = undetermined ] && [ "${AIBOM_ON_UNDETERMINED:-fail}" = warn ]; then
    echo "warning: undetermined: too little is known for a verdict" >&2
    exit 0
fi
exit "$code"
