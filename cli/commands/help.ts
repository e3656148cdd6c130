const text = `Skiff: the Kubernetes API without Kubernetes, on Amazon ECS.

skiff up        runs a Kubernetes API on this machine, until it is interrupted
    --port N              on 127.0.0.1, for TLS and plain HTTP; 0: any free one   (8001)
    --kubeconfig FILE     written at each start                                   (~/.skiff/kubeconfig)
    --data DIR            keeps objects, token and certificates there; otherwise they end with the process
    --durability WHAT     kernel: what is written outlives the process, however it ends;
                          disk: it outlives a power failure too, and writes wait for it   (kernel)
    --skip-damaged        what cannot be read of DIR's journals is set aside, and Skiff goes on without it
    --runtime WHAT        auto, docker or simulated: what runs the containers     (auto)
    --token T             the bearer token of the API, which the list of processes shows to every user
                          of the machine                                          (kept in DIR, or random)
    --token-file FILE     holds the token; so does SKIFF_TOKEN in the environment
    --speed SPEED         fast: waits of ECS are shortened; real: they are as in AWS   (fast)
    --apply FILE|DIR      manifests to apply after the start; may be repeated
skiff down      removes the containers, volumes and networks that Skiff has made on this machine's engine
    --data DIR            only those of the installation with that data directory
skiff plan      prints what manifests become in AWS, and what is warned about or refused; asks nobody
    -f FILE|DIR|-         manifests, - from the standard input; may be repeated
    -n NAMESPACE          for objects that name none                              (default)
    -o text|json          json: every request with its exact input                (text)
skiff version   prints the version
skiff help      prints this`;

/** Arguments are of no matter: `skiff help up` helps as well. */
export async function run(): Promise<number> {
  console.log(text);
  return 0;
}
