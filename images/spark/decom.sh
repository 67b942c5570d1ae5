#!/bin/bash
# preStop hook of executors when `spark.decommission.enabled` is set: tells the executor to hand its blocks to others and
# waits until it has left. Kubernetes ends the wait with the grace period of the pod.
set -u

executor=$(pgrep --oldest --full 'org\.apache\.spark\.(scheduler\.cluster\.k8s\.KubernetesExecutorBackend|executor\.CoarseGrainedExecutorBackend)' | head -n 1)
# tini's command line names the class as well, and is older than its child.
if [[ -n $executor && $(cat "/proc/$executor/comm") != java ]]; then
    executor=$(pgrep --parent "$executor" --oldest java)
fi
if [[ -z $executor ]]; then
    echo "decommission: no executor in this container" >/proc/1/fd/1
    exit 0
fi

kill -s PWR "$executor"
while kill -0 "$executor" 2>/dev/null; do
    sleep 0.5
done
