import { z } from 'zod';
import { localObjectReference } from '../object-reference.ts';
import { once } from '../once.ts';
import { atomicList, int32, stringMap, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

export const gcePersistentDiskVolumeSource = once(() =>
  struct(`${core}.GCEPersistentDiskVolumeSource`, {
    pdName: z.string(),
    fsType: z.string().optional(),
    partition: int32().optional(),
    readOnly: z.boolean().optional(),
  }),
);

export const awsElasticBlockStoreVolumeSource = once(() =>
  struct(`${core}.AWSElasticBlockStoreVolumeSource`, {
    volumeID: z.string(),
    fsType: z.string().optional(),
    partition: int32().optional(),
    readOnly: z.boolean().optional(),
  }),
);

export const iscsiVolumeSource = once(() =>
  struct(`${core}.ISCSIVolumeSource`, {
    targetPortal: z.string(),
    iqn: z.string(),
    lun: int32(),
    iscsiInterface: z.string().optional(),
    fsType: z.string().optional(),
    readOnly: z.boolean().optional(),
    portals: atomicList(z.string()).optional(),
    chapAuthDiscovery: z.boolean().optional(),
    chapAuthSession: z.boolean().optional(),
    secretRef: localObjectReference().optional(),
    initiatorName: z.string().optional(),
  }),
);

export const glusterfsVolumeSource = once(() =>
  struct(`${core}.GlusterfsVolumeSource`, {
    endpoints: z.string(),
    path: z.string(),
    readOnly: z.boolean().optional(),
  }),
);

export const rbdVolumeSource = once(() =>
  struct(`${core}.RBDVolumeSource`, {
    monitors: atomicList(z.string()),
    image: z.string(),
    fsType: z.string().optional(),
    pool: z.string().optional(),
    user: z.string().optional(),
    keyring: z.string().optional(),
    secretRef: localObjectReference().optional(),
    readOnly: z.boolean().optional(),
  }),
);

export const flexVolumeSource = once(() =>
  struct(`${core}.FlexVolumeSource`, {
    driver: z.string(),
    fsType: z.string().optional(),
    secretRef: localObjectReference().optional(),
    readOnly: z.boolean().optional(),
    options: stringMap().optional(),
  }),
);

export const cinderVolumeSource = once(() =>
  struct(`${core}.CinderVolumeSource`, {
    volumeID: z.string(),
    fsType: z.string().optional(),
    readOnly: z.boolean().optional(),
    secretRef: localObjectReference().optional(),
  }),
);

export const cephFSVolumeSource = once(() =>
  struct(`${core}.CephFSVolumeSource`, {
    monitors: atomicList(z.string()),
    path: z.string().optional(),
    user: z.string().optional(),
    secretFile: z.string().optional(),
    secretRef: localObjectReference().optional(),
    readOnly: z.boolean().optional(),
  }),
);

export const flockerVolumeSource = once(() =>
  struct(`${core}.FlockerVolumeSource`, {
    datasetName: z.string().optional(),
    datasetUUID: z.string().optional(),
  }),
);

export const fcVolumeSource = once(() =>
  struct(`${core}.FCVolumeSource`, {
    targetWWNs: atomicList(z.string()).optional(),
    lun: int32().optional(),
    fsType: z.string().optional(),
    readOnly: z.boolean().optional(),
    wwids: atomicList(z.string()).optional(),
  }),
);

export const azureFileVolumeSource = once(() =>
  struct(`${core}.AzureFileVolumeSource`, {
    secretName: z.string(),
    shareName: z.string(),
    readOnly: z.boolean().optional(),
  }),
);

export const vsphereVirtualDiskVolumeSource = once(() =>
  struct(`${core}.VsphereVirtualDiskVolumeSource`, {
    volumePath: z.string(),
    fsType: z.string().optional(),
    storagePolicyName: z.string().optional(),
    storagePolicyID: z.string().optional(),
  }),
);

export const quobyteVolumeSource = once(() =>
  struct(`${core}.QuobyteVolumeSource`, {
    registry: z.string(),
    volume: z.string(),
    readOnly: z.boolean().optional(),
    user: z.string().optional(),
    group: z.string().optional(),
    tenant: z.string().optional(),
  }),
);

export const azureDiskVolumeSource = once(() =>
  struct(`${core}.AzureDiskVolumeSource`, {
    diskName: z.string(),
    diskURI: z.string(),
    cachingMode: z.string().optional(),
    fsType: z.string().optional(),
    readOnly: z.boolean().optional(),
    kind: z.string().optional(),
  }),
);

export const photonPersistentDiskVolumeSource = once(() =>
  struct(`${core}.PhotonPersistentDiskVolumeSource`, {
    pdID: z.string(),
    fsType: z.string().optional(),
  }),
);

export const portworxVolumeSource = once(() =>
  struct(`${core}.PortworxVolumeSource`, {
    volumeID: z.string(),
    fsType: z.string().optional(),
    readOnly: z.boolean().optional(),
  }),
);

export const scaleIOVolumeSource = once(() =>
  struct(`${core}.ScaleIOVolumeSource`, {
    gateway: z.string(),
    system: z.string(),
    secretRef: localObjectReference(),
    sslEnabled: z.boolean().optional(),
    protectionDomain: z.string().optional(),
    storagePool: z.string().optional(),
    storageMode: z.string().optional(),
    volumeName: z.string().optional(),
    fsType: z.string().optional(),
    readOnly: z.boolean().optional(),
  }),
);

export const storageOSVolumeSource = once(() =>
  struct(`${core}.StorageOSVolumeSource`, {
    volumeName: z.string().optional(),
    volumeNamespace: z.string().optional(),
    fsType: z.string().optional(),
    readOnly: z.boolean().optional(),
    secretRef: localObjectReference().optional(),
  }),
);
