import { z } from 'zod';
import { once } from '../once.ts';
import { atomicList, int32, int64, intOrString, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

export const execAction = once(() =>
  struct(`${core}.ExecAction`, {
    command: atomicList(z.string()).optional(),
  }),
);

export const httpHeader = once(() =>
  struct(`${core}.HTTPHeader`, {
    name: z.string(),
    value: z.string(),
  }),
);

export const httpGetAction = once(() =>
  struct(`${core}.HTTPGetAction`, {
    path: z.string().optional(),
    port: intOrString(),
    host: z.string().optional(),
    scheme: z.string().optional(),
    httpHeaders: atomicList(httpHeader()).optional(),
  }),
);

export const tcpSocketAction = once(() =>
  struct(`${core}.TCPSocketAction`, {
    port: intOrString(),
    host: z.string().optional(),
  }),
);

export const sleepAction = once(() =>
  struct(`${core}.SleepAction`, {
    seconds: int64(),
  }),
);

export const grpcAction = once(() =>
  struct(`${core}.GRPCAction`, {
    port: int32(),
    service: z.string().optional(),
  }),
);

export const lifecycleHandler = once(() =>
  struct(`${core}.LifecycleHandler`, {
    exec: execAction().optional(),
    httpGet: httpGetAction().optional(),
    tcpSocket: tcpSocketAction().optional(),
    sleep: sleepAction().optional(),
  }),
);

export const lifecycle = once(() =>
  struct(`${core}.Lifecycle`, {
    postStart: lifecycleHandler().optional(),
    preStop: lifecycleHandler().optional(),
    stopSignal: z.string().optional(),
  }),
);

export type Lifecycle = z.infer<ReturnType<typeof lifecycle>>;
export type LifecycleHandler = z.infer<ReturnType<typeof lifecycleHandler>>;
export type HTTPGetAction = z.infer<ReturnType<typeof httpGetAction>>;
