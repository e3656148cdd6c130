import type { Descriptions } from './descriptions.ts';

/** Checks of containers, and hooks at their start and end. */
export const probeDescriptions: Descriptions = {
  'io.k8s.api.core.v1.Probe': {
    '': 'A check that is repeated while a container runs. ECS runs one a container, as its health check, and so far only exec.',
    exec: 'A command that succeeds when it ends with 0. It becomes the health check of the container.',
    failureThreshold: 'Failures in a row that count, 3 unless said; ECS takes 1 to 10.',
    grpc: 'Asks a gRPC health service. Not run yet, and warned about.',
    httpGet: 'Asks for a page by HTTP. Not run yet, and warned about.',
    initialDelaySeconds: 'Seconds to wait after the start; failures within them do not count. ECS takes up to 300.',
    periodSeconds: 'Seconds from one check to the next, 10 unless said; ECS takes 5 to 300.',
    successThreshold:
      'Successes in a row that count. Warned about unless 1: one success makes a container healthy again.',
    tcpSocket: 'Opens a connection. Not run yet, and warned about.',
    terminationGracePeriodSeconds:
      'Grace period when this check ends the container. Warned about: that of the pod counts.',
    timeoutSeconds: 'Seconds after which a check has failed. The default of 1 becomes 2, as ECS takes 2 to 60.',
  },
  'io.k8s.api.core.v1.ExecAction': {
    '': 'A command to run inside the container.',
    command: 'The program and its arguments; no shell is used unless it is named.',
  },
  'io.k8s.api.core.v1.HTTPGetAction': {
    '': 'A page to ask for; any answer from 200 to 399 is a success.',
    host: 'Host to ask, the pod itself unless said.',
    httpHeaders: 'Headers to send along.',
    path: 'Path of the page, / unless said.',
    port: 'The port, by number or by the name that the container gives it.',
    scheme: 'HTTP or HTTPS; HTTP unless said.',
  },
  'io.k8s.api.core.v1.HTTPHeader': {
    '': 'A header of a request.',
    name: 'Name of the header.',
    value: 'Its value.',
  },
  'io.k8s.api.core.v1.TCPSocketAction': {
    '': 'A connection to open; it is a success when it opens.',
    host: 'Host to connect to, the pod itself unless said.',
    port: 'The port, by number or by the name that the container gives it.',
  },
  'io.k8s.api.core.v1.GRPCAction': {
    '': 'A gRPC health service to ask.',
    port: 'The port, by number.',
    service: 'Name of the service to ask about; the server as a whole unless said.',
  },
  'io.k8s.api.core.v1.SleepAction': {
    '': 'A pause.',
    seconds: 'How long it takes.',
  },
  'io.k8s.api.core.v1.Lifecycle': {
    '': 'What to do right after a container starts and right before it stops.',
    postStart: 'Runs after the start. Not run by Skiff, and warned about.',
    preStop: 'Runs before the stop signal. Not run by Skiff, and warned about: the signal comes at once.',
    stopSignal: 'Signal that asks the container to stop. Warned about: it is what the image says, or SIGTERM.',
  },
  'io.k8s.api.core.v1.LifecycleHandler': {
    '': 'One thing to do at the start or end of a container.',
    exec: 'Runs a command in the container.',
    httpGet: 'Asks for a page by HTTP.',
    sleep: 'Waits.',
    tcpSocket: 'Opens a connection; Kubernetes does not do that any more.',
  },
};
