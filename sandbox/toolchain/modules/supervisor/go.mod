module spark-platform/sandbox/supervisor

go 1.26
