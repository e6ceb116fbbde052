// Reads OpenSLO files with OpenSLO's own SDK, which refuses unknown fields, has it validate
// every object, and resolves every reference between them.
package main

import (
	"fmt"
	"os"

	"github.com/OpenSLO/go-sdk/pkg/openslosdk"
)

func main() {
	failed := false
	for _, path := range os.Args[1:] {
		if err := judge(path); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			failed = true
		}
	}
	if failed || len(os.Args) < 2 {
		os.Exit(1)
	}
}

func judge(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	objects, err := openslosdk.Decode(file, openslosdk.FormatYAML)
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		return fmt.Errorf("holds no object")
	}
	if err := openslosdk.Validate(objects...); err != nil {
		return err
	}
	inliner := openslosdk.NewReferenceInliner(objects...)
	_, err = inliner.Inline()
	return err
}
