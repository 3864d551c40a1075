#!/bin/sh
# Creates a run and polls it until it has ended, with nothing but curl. Needs the base URL of a fake, and its key:
#
#   RETAB_API_BASE_URL=http://127.0.0.1:8377 RETAB_API_KEY=rt_test_fake sh create_and_poll.sh
set -eu

base=${RETAB_API_BASE_URL:?the base URL of the fake}
key=${RETAB_API_KEY:?the key of the fake}

call() {
    curl --silent --show-error --fail-with-body --max-time 30 \
        --header "Authorization: Bearer $key" --header "Content-Type: application/json" "$@"
}

# The first text of this name, which is enough for a flat look at JSON.
text() {
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

run=$(call --data '{
    "workflow_id": "wf_abc123xyz",
    "documents": {
        "start_document-block-1": {"filename": "invoice.txt", "url": "data:text/plain;base64,VG90YWw6IDEy"}
    },
    "metadata": {"tenant": "acme"}
}' "$base/v1/workflows/runs")
id=$(printf '%s' "$run" | sed 's/,.*//' | text id)
echo "created $id"

for _ in $(seq 60); do
    run=$(call "$base/v1/workflows/runs/$id")
    status=$(printf '%s' "$run" | sed 's/.*"lifecycle"://' | sed 's/}.*//' | text status)
    echo "$id is $status"
    case $status in
    completed) break ;;
    error | cancelled | awaiting_review) exit 1 ;;
    esac
    sleep "${POLL_SECONDS:-1}"
done

call "$base/v1/workflows/steps?run_id=$id"
echo
