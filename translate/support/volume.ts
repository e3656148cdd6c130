import { honoured, refused, whole, type SupportTree } from './decision.ts';

const notYet = (what: string, means: string) => refused(`${what} cannot be mounted yet: ${means}`);
const files = 'tasks have no files but those of their images';
const storage = 'only emptyDir volumes are there, and they end with their pod';
const other = refused('no such storage can be attached to a Fargate task');

const items = 'items[].key items[].mode items[].path';
const downward =
  'items[].fieldRef.apiVersion items[].fieldRef.fieldPath items[].mode items[].path items[].resourceFieldRef.containerName items[].resourceFieldRef.divisor items[].resourceFieldRef.resource';

const under = (prefix: string, leaves: string): string =>
  leaves
    .split(' ')
    .map((leaf) => `${prefix}.${leaf}`)
    .join(' ');

const selector = 'matchLabels matchExpressions[].key matchExpressions[].operator matchExpressions[].values[]';

const projected = [
  'defaultMode',
  under('sources[].clusterTrustBundle', `name optional path signerName ${under('labelSelector', selector)}`),
  under('sources[].configMap', `${items} name optional`),
  under('sources[].downwardAPI', downward),
  under('sources[].secret', `${items} name optional`),
  under('sources[].serviceAccountToken', 'audience expirationSeconds path'),
].join(' ');

const claimMeta =
  'annotations creationTimestamp deletionGracePeriodSeconds deletionTimestamp finalizers[] generateName generation labels managedFields[].apiVersion managedFields[].fieldsType managedFields[].fieldsV1 managedFields[].manager managedFields[].operation managedFields[].subresource managedFields[].time name namespace ownerReferences[].apiVersion ownerReferences[].blockOwnerDeletion ownerReferences[].controller ownerReferences[].kind ownerReferences[].name ownerReferences[].uid resourceVersion selfLink uid';
const claimSpec = `accessModes[] dataSource.apiGroup dataSource.kind dataSource.name dataSourceRef.apiGroup dataSourceRef.kind dataSourceRef.name dataSourceRef.namespace resources.limits resources.requests storageClassName volumeAttributesClassName volumeMode volumeName ${under('selector', selector)}`;

/** The kinds of volumes. */
export const volumeSupport: SupportTree = {
  name: honoured(),
  emptyDir: {
    medium: refused('Fargate has no huge pages', { unless: ['', 'Memory'] }),
    sizeLimit: honoured('the size of a Memory volume; told that it is not enforced on disk'),
  },
  configMap: whole(notYet('files of a ConfigMap', files), `defaultMode ${items} name optional`),
  secret: whole(notYet('files of a Secret', files), `defaultMode ${items} optional secretName`),
  downwardAPI: whole(notYet('downward API files', files), `defaultMode ${downward}`),
  projected: whole(notYet('projected files', files), projected),
  persistentVolumeClaim: whole(notYet('a claim', storage), 'claimName readOnly'),
  ephemeral: whole(
    notYet('a claim', storage),
    `${under('volumeClaimTemplate.metadata', claimMeta)} ${under('volumeClaimTemplate.spec', claimSpec)}`,
  ),
  nfs: whole(notYet('an NFS share', storage), 'path readOnly server'),
  csi: whole(other, 'driver fsType nodePublishSecretRef.name readOnly volumeAttributes'),
  hostPath: whole(refused('Fargate has no nodes, and so no directories of a node'), 'path type'),
  image: whole(refused('ECS cannot mount an image'), 'pullPolicy reference'),
  gitRepo: whole(
    refused('Kubernetes has given up gitRepo volumes: clone in an init container'),
    'directory repository revision',
  ),
  awsElasticBlockStore: whole(
    refused('an existing EBS volume cannot be attached to a Fargate task'),
    'fsType partition readOnly volumeID',
  ),
  azureDisk: whole(other, 'cachingMode diskName diskURI fsType kind readOnly'),
  azureFile: whole(other, 'readOnly secretName shareName'),
  cephfs: whole(other, 'monitors[] path readOnly secretFile secretRef.name user'),
  cinder: whole(other, 'fsType readOnly secretRef.name volumeID'),
  fc: whole(other, 'fsType lun readOnly targetWWNs[] wwids[]'),
  flexVolume: whole(other, 'driver fsType options readOnly secretRef.name'),
  flocker: whole(other, 'datasetName datasetUUID'),
  gcePersistentDisk: whole(other, 'fsType partition pdName readOnly'),
  glusterfs: whole(other, 'endpoints path readOnly'),
  iscsi: whole(
    other,
    'chapAuthDiscovery chapAuthSession fsType initiatorName iqn iscsiInterface lun portals[] readOnly secretRef.name targetPortal',
  ),
  photonPersistentDisk: whole(other, 'fsType pdID'),
  portworxVolume: whole(other, 'fsType readOnly volumeID'),
  quobyte: whole(other, 'group readOnly registry tenant user volume'),
  rbd: whole(other, 'fsType image keyring monitors[] pool readOnly secretRef.name user'),
  scaleIO: whole(
    other,
    'fsType gateway protectionDomain readOnly secretRef.name sslEnabled storageMode storagePool system volumeName',
  ),
  storageos: whole(other, 'fsType readOnly secretRef.name volumeName volumeNamespace'),
  vsphereVolume: whole(other, 'fsType storagePolicyID storagePolicyName volumePath'),
};
