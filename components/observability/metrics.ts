import { metricsNamespace } from "../internal/monitoring";

const driver = `metrics_${metricsNamespace}_driver`;

/**
 * Every metric that a dashboard or an alert names, as both lines of Spark show it; a test looks for each in a running server.
 * None is named after a garbage collector or a listener class: the first differs by the size of the machine, the second by line.
 */
export const metrics = {
    activeJobs: `${driver}_DAGScheduler_job_activeJobs_Value`,
    runningStages: `${driver}_DAGScheduler_stage_runningStages_Value`,
    waitingStages: `${driver}_DAGScheduler_stage_waitingStages_Value`,
    succeededJobs: `${driver}_appStatus_jobs_succeededJobs_Count`,
    failedJobs: `${driver}_appStatus_jobs_failedJobs_Count`,
    completedTasks: `${driver}_appStatus_tasks_completedTasks_Count`,
    failedTasks: `${driver}_appStatus_tasks_failedTasks_Count`,
    heapUsed: `${driver}_jvm_heap_used_Value`,
    heapMax: `${driver}_jvm_heap_max_Value`,
    droppedEvents: `${driver}_LiveListenerBus_queue_appStatus_numDroppedEvents_Count`,
    queuedEvents: `${driver}_LiveListenerBus_queue_appStatus_size_Value`,
    executors: `${driver}_ExecutorAllocationManager_executors_numberAllExecutors_Value`,
    wantedExecutors: `${driver}_ExecutorAllocationManager_executors_numberTargetExecutors_Value`,
    lostExecutors: `${driver}_ExecutorAllocationManager_executors_numberExecutorsExitedUnexpectedly_Count`,
    executorTasks: "metrics_executor_activeTasks",
    executorHeap: "metrics_executor_JVMHeapMemory_bytes",
    executorMemoryUsed: "metrics_executor_memoryUsed_bytes",
    executorDisk: "metrics_executor_diskUsed_bytes",
    executorGcTime: "metrics_executor_totalGCTime_seconds_total",
    executorRunTime: "metrics_executor_totalDuration_seconds_total",
    shuffleRead: "metrics_executor_totalShuffleRead_bytes_total",
    shuffleWrite: "metrics_executor_totalShuffleWrite_bytes_total",
    input: "metrics_executor_totalInputBytes_bytes_total",
} as const;

/** Labels that monitors put on every series: whose brick it is. */
export const kind = "app_kubernetes_io_name";
export const instance = "app_kubernetes_io_instance";
/** All but drivers of applications, which answer late, end, and promise nobody anything. */
export const noApplication = `app_kubernetes_io_component!="driver"`;
export const brick = `namespace, ${kind}, ${instance}`;
