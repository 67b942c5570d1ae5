#!/bin/bash
# Start of every container of this image. Spark's Kubernetes backend passes `executor` or `driver`; anything else is a
# command. Whatever starts runs under tini, which hands SIGTERM to the whole process group: no shell in between swallows it.
set -euo pipefail

# Hadoop's login asks the system for the name of the user. An id that the namespace chose has none, and the root file
# system is read-only, so a wrapper of the C library answers from files of our own.
name_unknown_user() {
    if getent passwd "$(id -u)" >/dev/null; then
        return
    fi
    local wrapper folder
    wrapper=$(find /usr/lib /lib -name libnss_wrapper.so -print -quit 2>/dev/null || true)
    if [[ -z $wrapper ]]; then
        echo "entrypoint: user id $(id -u) has no name and libnss_wrapper.so is not in the image: Hadoop will refuse to log in" >&2
        return
    fi
    folder=$(mktemp -d)
    cp /etc/passwd /etc/group "$folder"
    echo "${SPARK_USER_NAME:-spark}:x:$(id -u):$(id -g):Spark:${HOME:-/tmp}:/usr/sbin/nologin" >>"$folder/passwd"
    if ! getent group "$(id -g)" >/dev/null; then
        echo "${SPARK_USER_NAME:-spark}:x:$(id -g):" >>"$folder/group"
    fi
    export LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD=$folder/passwd NSS_WRAPPER_GROUP=$folder/group
}

run() {
    exec /usr/bin/tini -s -g -- "$@"
}

# A class path without the empty elements that unset variables would leave: Java reads an empty one as "here".
class_path() {
    local IFS=:
    local -a elements=()
    local element
    for element in "$@"; do
        [[ -n $element ]] && elements+=("$element")
    done
    echo "${elements[*]}"
}

# The backend numbers the JVM options of an executor: SPARK_JAVA_OPT_0, SPARK_JAVA_OPT_1 and so on.
java_options() {
    local number=0 name=SPARK_JAVA_OPT_0
    while [[ -n ${!name+set} ]]; do
        options+=("${!name}")
        number=$((number + 1))
        name=SPARK_JAVA_OPT_$number
    done
}

run_executor() {
    local -a options=()
    java_options
    run "${JAVA_HOME:-/usr}/bin/java" \
        "${options[@]}" \
        "-Xms${SPARK_EXECUTOR_MEMORY:?set by the Kubernetes backend}" \
        "-Xmx$SPARK_EXECUTOR_MEMORY" \
        -cp "$(class_path "${SPARK_CONF_DIR:-$SPARK_HOME/conf}" "${HADOOP_CONF_DIR:-}" "${SPARK_CLASSPATH:-}" \
            "$SPARK_HOME/jars/*" "${SPARK_EXTRA_CLASSPATH:-}" "${SPARK_DIST_CLASSPATH:-}" "$PWD")" \
        org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
        --driver-url "$SPARK_DRIVER_URL" \
        --executor-id "$SPARK_EXECUTOR_ID" \
        --cores "$SPARK_EXECUTOR_CORES" \
        --app-id "$SPARK_APPLICATION_ID" \
        --hostname "$SPARK_EXECUTOR_POD_IP" \
        --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" \
        --podName "$SPARK_EXECUTOR_POD_NAME" \
        "$@"
}

# `spark-submit --deploy-mode cluster` asked for this pod; the driver itself runs here as a client.
run_driver() {
    run "$SPARK_HOME/bin/spark-submit" \
        --conf "spark.driver.bindAddress=${SPARK_DRIVER_BIND_ADDRESS:?set by the Kubernetes backend}" \
        --conf "spark.executorEnv.SPARK_DRIVER_POD_IP=$SPARK_DRIVER_BIND_ADDRESS" \
        --deploy-mode client \
        "$@"
}

name_unknown_user
case ${1:-} in
    executor) run_executor "${@:2}" ;;
    driver) run_driver "${@:2}" ;;
    '') run /bin/bash ;;
    *) run "$@" ;;
esac
