package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	firstDelay = 200 * time.Millisecond
	lastDelay  = 10 * time.Second
	// A process that ran so long starts again without delay.
	healthyAfter = 30 * time.Second
	largestLog   = 32 << 20
)

// supervise runs all processes until told to stop, then stops them in reverse order.
func supervise(config Config, stop <-chan os.Signal) {
	children := make([]*child, 0, len(config.Processes))
	for _, process := range config.Processes {
		one := &child{process: process, run: config.Run, stop: make(chan struct{}), gone: make(chan struct{})}
		children = append(children, one)
		go one.keepRunning()
	}
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			for _, process := range config.Processes {
				boundLog(process.Log)
			}
		case <-stop:
			for last := len(children) - 1; last >= 0; last-- {
				close(children[last].stop)
				<-children[last].gone
			}
			return
		}
	}
}

type child struct {
	process Process
	run     string
	stop    chan struct{}
	gone    chan struct{}
}

func (c *child) keepRunning() {
	// The parent death signal comes when the *thread* that started a child ends, so this goroutine keeps its thread.
	runtime.LockOSThread()
	defer close(c.gone)
	delay := firstDelay
	for starts := 1; c.waitForOthers(); starts++ {
		started := time.Now()
		err := c.runOnce()
		if c.stopped() {
			return
		}
		if time.Since(started) > healthyAfter {
			delay = firstDelay
		}
		fmt.Fprintf(os.Stderr, "%s %s: start %d ended after %s: %v; again in %s\n", time.Now().UTC().Format(time.RFC3339), c.process.Name,
			starts, time.Since(started).Round(time.Millisecond), err, delay)
		select {
		case <-c.stop:
			return
		case <-time.After(delay):
		}
		delay = min(2*delay, lastDelay)
	}
}

func (c *child) stopped() bool {
	select {
	case <-c.stop:
		return true
	default:
		return false
	}
}

// waitForOthers returns false when it is time to stop.
func (c *child) waitForOthers() bool {
	for _, address := range c.process.After {
		for !answers(address) {
			select {
			case <-c.stop:
				return false
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
	return !c.stopped()
}

func (c *child) runOnce() error {
	log, err := os.OpenFile(c.process.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	command := exec.Command(c.process.Command[0], c.process.Command[1:]...)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/root"}
	for name, value := range c.process.Env {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return err
	}
	pidFile := filepath.Join(c.run, c.process.Name+".pid")
	_ = os.WriteFile(pidFile, fmt.Appendf(nil, "%d\n", command.Process.Pid), 0o600)
	defer os.Remove(pidFile)
	ended := make(chan struct{})
	go c.endWhenTold(command.Process, ended)
	err = command.Wait()
	close(ended)
	return err
}

func (c *child) endWhenTold(process *os.Process, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-c.stop:
	}
	_ = process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(time.Duration(c.process.StopSeconds) * time.Second):
		_ = process.Kill()
	}
}

var client = &http.Client{
	Timeout: 2 * time.Second,
	// Only whether it is ready is asked, and nothing is sent: the certificate does not matter.
	Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
}

func answers(address string) bool {
	if network, place, isSocket := strings.Cut(address, ":"); isSocket && !strings.HasPrefix(network, "http") {
		connection, err := net.DialTimeout(network, place, time.Second)
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	}
	response, err := client.Get(address)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// boundLog keeps one older part beside a log. The file is copied and emptied, not renamed: its writer has it open.
func boundLog(path string) {
	info, err := os.Stat(path)
	if err != nil || info.Size() < largestLog {
		return
	}
	content, err := os.ReadFile(path)
	if err == nil {
		_ = os.WriteFile(path+".1", content, 0o600)
	}
	_ = os.Truncate(path, 0)
}
