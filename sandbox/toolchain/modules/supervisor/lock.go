package main

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func lockFile(config Config, role string) string {
	return filepath.Join(config.Run, role+".lock")
}

func tryLock(path string) (*os.File, error) {
	return lock(path, syscall.LOCK_EX|syscall.LOCK_NB)
}

func waitLock(path string) (*os.File, error) {
	return lock(path, syscall.LOCK_EX)
}

func lock(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), how)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func stopSignals() <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	// A closed terminal must not end the cluster, Ctrl-C neither: it is `down` that sends SIGTERM.
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT, syscall.SIGPIPE)
	signal.Notify(signals, syscall.SIGTERM)
	return signals
}

func afterPause() <-chan time.Time {
	return time.After(time.Second)
}

func pause() {
	<-afterPause()
}
