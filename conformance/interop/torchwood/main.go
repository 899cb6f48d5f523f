// Reads a Madang log with torchwood, an independent implementation of the C2SP transparency log standards, and writes a checkpoint
// of its own for Madang to verify. Usage: torchwood LOGFOLDER OUT.json VKEY…
// Prints one line of JSON: size, verified signatures, authenticated entries, seconds.
package main

import (
	"context"
	"crypto/ed25519"
	"crypto/mldsa"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type checkpointCase struct {
	Source   string   `json:"source"`
	Vkeys    []string `json:"vkeys"`
	Note     string   `json:"note"`
	Origin   string   `json:"origin"`
	Size     int64    `json:"size"`
	Verifies bool     `json:"verifies"`
}

func main() {
	if len(os.Args) < 4 {
		fail(fmt.Errorf("usage: torchwood LOGFOLDER OUT.json VKEY"))
	}
	read(os.Args[1], os.Args[3:])
	write(os.Args[2])
}

// read verifies the checkpoint by every key and authenticates every entry.
func read(folder string, vkeys []string) {
	var verifiers []note.Verifier
	for _, vkey := range vkeys {
		if verifier, err := torchwood.NewLogVerifier(vkey); err == nil {
			verifiers = append(verifiers, verifier)
			continue
		}
		verifier, err := torchwood.NewCosignatureVerifier(vkey)
		fail(err)
		verifiers = append(verifiers, verifier)
	}
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	fail(err)
	opened, err := note.Open(signed, note.VerifierList(verifiers...))
	fail(err)
	checkpoint, err := torchwood.ParseCheckpoint(opened.Text)
	fail(err)
	tiles, err := torchwood.NewTileFS(os.DirFS(folder))
	fail(err)
	client, err := torchwood.NewClient(tiles)
	fail(err)
	start, entries := time.Now(), int64(0)
	for range client.AllEntries(context.Background(), checkpoint.Tree, 0) {
		entries++
	}
	fail(client.Err())
	line, _ := json.Marshal(map[string]any{
		"size": checkpoint.N, "signatures": len(opened.Sigs), "entries": entries, "seconds": time.Since(start).Seconds(),
	})
	fmt.Println(string(line))
}

// write makes a checkpoint under an Ed25519 log key, an ML-DSA-44 and an Ed25519 cosigner.
func write(path string) {
	const origin, size = "example.com/go-log", 123456789
	var root tlog.Hash
	copy(root[:], "0123456789abcdef0123456789abcdef")
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)
	secret, vkey, err := note.GenerateKey(nil, origin)
	fail(err)
	log, err := note.NewSigner(secret)
	fail(err)
	mldsaKey, err := mldsa.GenerateKey(mldsa.MLDSA44())
	fail(err)
	mldsaCosigner, err := torchwood.NewCosignatureSigner("witness.example/m", mldsaKey)
	fail(err)
	_, ed25519Key, err := ed25519.GenerateKey(nil)
	fail(err)
	ed25519Cosigner, err := torchwood.NewCosignatureSigner("witness.example/e", ed25519Key)
	fail(err)
	signed, err := note.Sign(&note.Note{Text: text}, log, mldsaCosigner, ed25519Cosigner)
	fail(err)
	vkeys := []string{vkey, mldsaCosigner.Verifier().String(), ed25519Cosigner.Verifier().String()}
	content, _ := json.Marshal(map[string]any{"checkpoints": []checkpointCase{{"torchwood", vkeys, string(signed), origin, size, true}}})
	fail(os.WriteFile(path, content, 0o644))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
