import { z } from 'zod';
import { once } from '../once.ts';
import { struct } from '../schema.ts';
import {
  configMapVolumeSource,
  csiVolumeSource,
  downwardAPIVolumeSource,
  emptyDirVolumeSource,
  gitRepoVolumeSource,
  hostPathVolumeSource,
  imageVolumeSource,
  nfsVolumeSource,
  persistentVolumeClaimVolumeSource,
  secretVolumeSource,
} from './plain-volume.ts';
import { projectedVolumeSource } from './projected-volume.ts';
import {
  awsElasticBlockStoreVolumeSource,
  azureDiskVolumeSource,
  azureFileVolumeSource,
  cephFSVolumeSource,
  cinderVolumeSource,
  fcVolumeSource,
  flexVolumeSource,
  flockerVolumeSource,
  gcePersistentDiskVolumeSource,
  glusterfsVolumeSource,
  iscsiVolumeSource,
  photonPersistentDiskVolumeSource,
  portworxVolumeSource,
  quobyteVolumeSource,
  rbdVolumeSource,
  scaleIOVolumeSource,
  storageOSVolumeSource,
  vsphereVirtualDiskVolumeSource,
} from './storage-volume.ts';
import { ephemeralVolumeSource } from './volume-claim-template.ts';

const core = 'io.k8s.api.core.v1';

export const volume = once(() =>
  struct(`${core}.Volume`, {
    name: z.string(),
    hostPath: hostPathVolumeSource().optional(),
    emptyDir: emptyDirVolumeSource().optional(),
    gcePersistentDisk: gcePersistentDiskVolumeSource().optional(),
    awsElasticBlockStore: awsElasticBlockStoreVolumeSource().optional(),
    gitRepo: gitRepoVolumeSource().optional(),
    secret: secretVolumeSource().optional(),
    nfs: nfsVolumeSource().optional(),
    iscsi: iscsiVolumeSource().optional(),
    glusterfs: glusterfsVolumeSource().optional(),
    persistentVolumeClaim: persistentVolumeClaimVolumeSource().optional(),
    rbd: rbdVolumeSource().optional(),
    flexVolume: flexVolumeSource().optional(),
    cinder: cinderVolumeSource().optional(),
    cephfs: cephFSVolumeSource().optional(),
    flocker: flockerVolumeSource().optional(),
    downwardAPI: downwardAPIVolumeSource().optional(),
    fc: fcVolumeSource().optional(),
    azureFile: azureFileVolumeSource().optional(),
    configMap: configMapVolumeSource().optional(),
    vsphereVolume: vsphereVirtualDiskVolumeSource().optional(),
    quobyte: quobyteVolumeSource().optional(),
    azureDisk: azureDiskVolumeSource().optional(),
    photonPersistentDisk: photonPersistentDiskVolumeSource().optional(),
    projected: projectedVolumeSource().optional(),
    portworxVolume: portworxVolumeSource().optional(),
    scaleIO: scaleIOVolumeSource().optional(),
    storageos: storageOSVolumeSource().optional(),
    csi: csiVolumeSource().optional(),
    ephemeral: ephemeralVolumeSource().optional(),
    image: imageVolumeSource().optional(),
  }),
);

export type Volume = z.infer<ReturnType<typeof volume>>;
