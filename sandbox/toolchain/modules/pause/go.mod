module spark-platform/sandbox/pause

go 1.26
