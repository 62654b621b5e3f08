#!/bin/sh
# Registers the namespace "default" and onetake's search attributes; every step may be repeated.
# The address (TEMPORAL_ADDRESS) comes from the environment.
set -eu

temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
  temporal operator namespace create --namespace default --retention 30d

for name in VideoPhase VideoModel VideoJobId VideoBilled VideoUnresolvedFor; do
  temporal operator search-attribute create --namespace default --name "$name" --type Keyword
done
