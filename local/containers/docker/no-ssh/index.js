exports.Client = class Client {
  constructor() {
    throw new Error("ssh:// is not supported: forward the engine's socket with `ssh -L`");
  }
};
