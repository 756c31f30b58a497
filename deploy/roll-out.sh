#!/usr/bin/env bash
# Rolls an image out on Cloud Run: a new revision without traffic, a probe of that revision alone, the traffic, a second look, and the
# traffic back to where it was on failure; then the workers. Wants gcloud and curl, and PROJECT, REGION, IMAGE and URL (the bot's address).
set -euo pipefail

: "${PROJECT:?}" "${REGION:?}" "${IMAGE:?}" "${URL:?}"
web=${WEB_SERVICE:-lambo-web}
workers=${WORKER_SERVICE:-lambo-worker}
probes=${PROBES:-30}
pause=${PROBE_PAUSE_SECONDS:-5}
# The load balancer hands a request with this header to the revision with this tag (deploy/terraform/balancer.tf).
candidate_header="x-lambo-revision: candidate"

run() { gcloud --quiet --project "$PROJECT" run "$@" --region "$REGION"; }

# What /readyz says when it says 200, on one line; with a header it is the candidate that is asked.
readyz() { curl --silent --show-error --fail --max-time 10 "$@" "$URL/readyz"; }

# Answers come, but something else is wrong: the list of reasons has some in it.
is_degraded() { grep --quiet '"degraded":\["' <<<"$1"; }

# Ready means that interactions are answered. One that is degraded will do where the old revision is no better: an outage of Discord or of a
# price source must not keep a repair from being rolled out.
is_ready() {
  local tries=$1 said=
  shift
  for _ in $(seq "$tries"); do
    if said=$(readyz "$@"); then
      if [ "$may_be_degraded" = yes ] || ! is_degraded "$said"; then return 0; fi
    fi
    sleep "$pause"
  done
  [ -z "$said" ] || echo "It says: $said" >&2
  return 1
}

# The revision that has the traffic; one that was tagged and lost it again stays in the list with none.
before=$(run services describe "$web" --flatten 'status.traffic[]' --filter 'status.traffic.percent=100' --format 'value(status.traffic.revisionName)')
[ -n "$before" ] || { echo "::error::no revision has all of the traffic: put that right by hand first" >&2; exit 1; }
echo "Serving now: $before"
may_be_degraded=no
if ! said=$(readyz) || is_degraded "$said"; then
  may_be_degraded=yes
  echo "It is not well itself: a degraded candidate will do"
fi

run deploy "$web" --image "$IMAGE" --no-traffic --tag candidate
candidate=$(run services describe "$web" --format 'value(status.latestCreatedRevisionName)')
echo "Candidate: $candidate"

if ! is_ready "$probes" --header "$candidate_header"; then
  echo "::error::$candidate is not ready: $before keeps the traffic" >&2
  exit 1
fi

back() {
  echo "::error::$candidate did not stay ready: the traffic goes back to $before" >&2
  run services update-traffic "$web" --to-revisions "$before=100"
  exit 1
}

run services update-traffic "$web" --to-revisions "$candidate=100" || back
is_ready 5 || back

# Workers take no traffic: the ledger sees to it that old and new ones never post the same digest twice.
run deploy "$workers" --image "$IMAGE"
echo "Rolled out: $candidate"
