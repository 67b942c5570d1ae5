package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

// newVolumeProvisionerCommand is the dynamic provisioner of the sandbox's storage classes: each claim gets a directory
// of this machine as a volume of type "local", because the kubelet applies a pod's fsGroup to that type, and not to
// hostPath.
func newVolumeProvisionerCommand() *cobra.Command {
	var kubeconfig, directory, node, name string
	command := &cobra.Command{
		Use:  "volume-provisioner",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			client, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			ctx := command.Context()
			// One provisioner a machine is what the supervisor guarantees, so an election would only delay the first volume.
			controller.NewProvisionController(ctx, client, name, &volumes{directory: directory, node: node},
				controller.LeaderElection(false), controller.MetricsPort(0)).Run(ctx)
			return errors.New("the controller ended")
		},
	}
	command.Flags().StringVar(&kubeconfig, "kubeconfig", "", "how to reach the API server")
	command.Flags().StringVar(&directory, "directory", "", "where the volumes are made")
	command.Flags().StringVar(&node, "node", "", "name of this machine's node")
	command.Flags().StringVar(&name, "provisioner", "", "name that the storage classes call")
	for _, required := range []string{"kubeconfig", "directory", "node", "provisioner"} {
		_ = command.MarkFlagRequired(required)
	}
	return command
}

type volumes struct {
	directory string
	node      string
}

func (v *volumes) Provision(_ context.Context, options controller.ProvisionOptions) (*v1.PersistentVolume, controller.ProvisioningState, error) {
	claim := options.PVC
	if claim.Spec.VolumeMode != nil && *claim.Spec.VolumeMode == v1.PersistentVolumeBlock {
		return nil, controller.ProvisioningFinished, errors.New("block volumes are not offered here, only filesystems")
	}
	path := filepath.Join(v.directory, fmt.Sprintf("%s_%s_%s", options.PVName, claim.Namespace, claim.Name))
	// Open to every user id, as images choose theirs; nobody else on this machine passes the directory above.
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	if err := os.Chmod(path, 0o777); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return &v1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: options.PVName},
		Spec: v1.PersistentVolumeSpec{
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      v1.ResourceList{v1.ResourceStorage: claim.Spec.Resources.Requests[v1.ResourceStorage]},
			PersistentVolumeSource:        v1.PersistentVolumeSource{Local: &v1.LocalVolumeSource{Path: path}},
			NodeAffinity: &v1.VolumeNodeAffinity{Required: &v1.NodeSelector{NodeSelectorTerms: []v1.NodeSelectorTerm{{
				MatchExpressions: []v1.NodeSelectorRequirement{{Key: v1.LabelHostname, Operator: v1.NodeSelectorOpIn, Values: []string{v.node}}},
			}}}},
		},
	}, controller.ProvisioningFinished, nil
}

func (v *volumes) Delete(_ context.Context, volume *v1.PersistentVolume) error {
	path := volume.Spec.Local.Path
	// Anybody who may edit volumes may write a path here; only what was made above is removed.
	if filepath.Dir(filepath.Clean(path)) != filepath.Clean(v.directory) {
		return fmt.Errorf("%s is not a directory of %s", path, v.directory)
	}
	return os.RemoveAll(path)
}
