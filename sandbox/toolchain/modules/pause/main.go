// The process that holds a pod's namespaces: it reaps orphans and waits for the signal to end. With an argument it is
// a probe, so that tests of the network and of volumes need no other image:
//
//	pause listen PORT          answers "hello" to every connection
//	pause dial HOST:PORT       exit code 0 when a connection is made within 3 seconds
//	pause write FILE TEXT      writes a file
//	pause read FILE            prints a file
//	pause say TEXT             prints a line, then waits
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		hold()
		return
	}
	if err := probe(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func hold() {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
				break
			}
		}
	}
}

func probe(name string, args []string) error {
	probes := map[string]struct {
		args int
		run  func([]string) error
	}{
		"listen": {1, listen},
		"dial":   {1, dial},
		"write":  {2, func(args []string) error { return os.WriteFile(args[0], []byte(args[1]), 0o644) }},
		"read":   {1, read},
		"say":    {1, func(args []string) error { fmt.Println(args[0]); hold(); return nil }},
	}
	chosen, known := probes[name]
	if !known || len(args) != chosen.args {
		return fmt.Errorf("not a probe, or wrong arguments: %s %q", name, args)
	}
	return chosen.run(args)
}

func listen(args []string) error {
	listener, err := net.Listen("tcp", ":"+args[0])
	if err != nil {
		return err
	}
	go func() {
		hold()
		os.Exit(0)
	}()
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		_, _ = io.WriteString(connection, "hello\n")
		_ = connection.Close()
	}
}

func dial(args []string) error {
	connection, err := net.DialTimeout("tcp", args[0], 3*time.Second)
	if err == nil {
		err = connection.Close()
	}
	return err
}

func read(args []string) error {
	content, err := os.ReadFile(args[0])
	if err == nil {
		_, err = os.Stdout.Write(content)
	}
	return err
}
