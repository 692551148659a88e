#!/bin/sh
# Creates the namespace, or leaves the one that is there. Histories of closed workflows are kept for 30 days: the answer to
# "what did it do last month" is in them.
set -eu

attempts=30
until temporal operator cluster health --address "${TEMPORAL_ADDRESS}"; do
  attempts=$((attempts - 1))
  if [ "$attempts" -le 0 ]; then
    echo "the Temporal server at ${TEMPORAL_ADDRESS} did not become healthy" >&2
    exit 1
  fi
  sleep 2
done

if temporal operator namespace describe --namespace "${TEMPORAL_NAMESPACE}" --address "${TEMPORAL_ADDRESS}" >/dev/null 2>&1; then
  echo "namespace ${TEMPORAL_NAMESPACE} is there"
else
  temporal operator namespace create --namespace "${TEMPORAL_NAMESPACE}" --retention 30d --address "${TEMPORAL_ADDRESS}"
fi
