import type { z } from 'zod';
import { once } from '../once.ts';
import { int32, int64, struct } from '../schema.ts';
import { execAction, grpcAction, httpGetAction, tcpSocketAction } from './handler.ts';

const core = 'io.k8s.api.core.v1';

export const probe = once(() =>
  struct(`${core}.Probe`, {
    exec: execAction().optional(),
    httpGet: httpGetAction().optional(),
    tcpSocket: tcpSocketAction().optional(),
    grpc: grpcAction().optional(),
    initialDelaySeconds: int32().optional(),
    timeoutSeconds: int32().optional(),
    periodSeconds: int32().optional(),
    successThreshold: int32().optional(),
    failureThreshold: int32().optional(),
    terminationGracePeriodSeconds: int64().optional(),
  }),
);

export type Probe = z.infer<ReturnType<typeof probe>>;
