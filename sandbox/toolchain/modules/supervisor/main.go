// Keeps the processes of the sandbox cluster running, as an init system does for the services of a machine; there is
// none that every machine has. Started as `supervisor CONFIG`, it is two processes that watch each other: the supervisor,
// whose children are the cluster, and the guardian, whose only work is to start the supervisor again. Each holds a lock on
// a file as long as it lives, and each waits for the other's lock, so whichever is killed comes back.
//
// The children die with the supervisor (parent death signal): nothing is ever started twice. Containers do not; the
// kubelet finds them again.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Config is written by `cluster up`.
type Config struct {
	// Directory of locks, pid files and the status.
	Run string `json:"run"`
	// Directories of control groups that all processes join.
	Cgroups []string `json:"cgroups"`
	// Started in this order; stopped the other way round.
	Processes []Process `json:"processes"`
}

// Process is one program of the cluster.
type Process struct {
	Name    string            `json:"name"`
	Command []string          `json:"command"`
	Env     map[string]string `json:"env"`
	Log     string            `json:"log"`
	// What must answer before a start: "unix:PATH", "tcp:HOST:PORT", or a URL that answers 200.
	After []string `json:"after"`
	// Seconds it gets to stop before it is killed.
	StopSeconds int `json:"stopSeconds"`
}

const (
	supervisorRole = "supervisor"
	guardianRole   = "guardian"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: supervisor CONFIG [guardian]")
		os.Exit(2)
	}
	role := supervisorRole
	if len(os.Args) > 2 {
		role = os.Args[2]
	}
	if err := run(os.Args[1], role); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", role, err)
		os.Exit(1)
	}
}

func run(path, role string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var config Config
	if err := json.Unmarshal(content, &config); err != nil {
		return err
	}
	for _, cgroup := range config.Cgroups {
		if err := os.WriteFile(filepath.Join(cgroup, "cgroup.procs"), []byte("0"), 0o644); err != nil {
			return err
		}
	}
	own, err := tryLock(lockFile(config, role))
	if err != nil {
		return fmt.Errorf("another %s runs already: %w", role, err)
	}
	// Never closed: it is released when this process is gone, whatever ended it.
	defer own.Close()
	pid := fmt.Sprintf("%d\n", os.Getpid())
	if err := os.WriteFile(filepath.Join(config.Run, role+".pid"), []byte(pid), 0o600); err != nil {
		return err
	}
	stop := stopSignals()
	if role == guardianRole {
		go keepAlive(path, config, supervisorRole)
		<-stop
		return nil
	}
	go keepAlive(path, config, guardianRole)
	supervise(config, stop)
	return nil
}

// keepAlive starts the process of the other role whenever nobody holds its lock.
func keepAlive(path string, config Config, role string) {
	for {
		lock, err := waitLock(lockFile(config, role))
		if err != nil {
			fmt.Fprintf(os.Stderr, "lock of the %s: %v\n", role, err)
			os.Exit(1)
		}
		_ = lock.Close()
		if _, err := os.Stat(filepath.Join(config.Run, "stopping")); err == nil {
			return
		}
		spawn(path, role)
	}
}

// spawn starts a role in a session of its own and waits until it holds its lock or has failed.
func spawn(path, role string) {
	command := exec.Command("/proc/self/exe", path, role)
	command.Stderr = os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := command.Start(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", role, err)
		pause()
		return
	}
	ended := make(chan struct{})
	go func() {
		_ = command.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-afterPause():
	}
}
