#!/bin/sh
# Creates a run and polls it until it ends, using only curl. Requires the base URL of a fake and an API key:
#
#   RETAB_API_BASE_URL=http://127.0.0.1:8377 RETAB_API_KEY=rt_test_fake sh create_and_poll.sh
set -eu

base=${RETAB_API_BASE_URL:?set the base URL of the fake}
key=${RETAB_API_KEY:?set the API key of the fake}

request() {
    curl --silent --show-error --fail-with-body --max-time 30 \
        --header "Authorization: Bearer $key" --header "Content-Type: application/json" "$@"
}

# Prints the first string field with this name. Not a JSON parser, but sufficient here.
field() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

run=$(request --data '{
    "workflow_id": "wf_abc123xyz",
    "documents": {
        "start_document-block-1": {"filename": "invoice.txt", "url": "data:text/plain;base64,VG90YWw6IDEy"}
    },
    "metadata": {"tenant": "acme"}
}' "$base/v1/workflows/runs")
id=$(printf '%s' "$run" | sed 's/,.*//' | field id)
echo "created $id"

for _ in $(seq 60); do
    run=$(request "$base/v1/workflows/runs/$id")
    status=$(printf '%s' "$run" | sed 's/.*"lifecycle"://' | sed 's/}.*//' | field status)
    echo "$id is $status"
    case $status in
    completed) break ;;
    error | cancelled | awaiting_review) exit 1 ;;
    esac
    sleep "${POLL_SECONDS:-1}"
done

request "$base/v1/workflows/steps?run_id=$id"
echo
