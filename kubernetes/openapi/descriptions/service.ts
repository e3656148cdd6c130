import { objectFields, type Descriptions } from './descriptions.ts';

const appProtocol = 'What is spoken on the port, such as http or kubernetes.io/h2c. Shown, not acted on.';
const protocol = 'TCP, UDP or SCTP; TCP unless said.';

/** Services and the addresses behind them. */
export const serviceDescriptions: Descriptions = {
  'io.k8s.api.core.v1.Service': {
    '': 'A lasting name for pods that come and go. Skiff keeps the addresses of the ready ones in Endpoints and EndpointSlices.',
    ...objectFields,
    spec: 'Which pods are meant, and on which ports.',
    status: 'Where the Service can be reached from outside.',
  },
  'io.k8s.api.core.v1.ServiceSpec': {
    '': 'Which pods a Service stands for, on which ports, and from where it can be reached.',
    allocateLoadBalancerNodePorts:
      'Whether a LoadBalancer gets node ports too, as it does unless said. Only for that type.',
    clusterIP:
      'Address of the Service: given out unless said, None for none (“headless”). On Fargate nothing listens on it.',
    clusterIPs: 'The same as clusterIP, for each family of addresses.',
    externalIPs: 'Further addresses that you lead here yourself. Shown, not acted on.',
    externalName: 'Name in DNS that the Service stands for, with type ExternalName.',
    externalTrafficPolicy:
      'Cluster or Local: whether traffic from outside may go on to another node. Makes no difference.',
    healthCheckNodePort:
      'Port at which load balancers ask a node, with externalTrafficPolicy Local. Nothing listens on it.',
    internalTrafficPolicy: 'Cluster or Local: whether traffic from pods may leave their node. Makes no difference.',
    ipFamilies: 'IPv4 or IPv6, or both in the order wanted; Skiff gives out IPv4.',
    ipFamilyPolicy: 'SingleStack, PreferDualStack or RequireDualStack; SingleStack unless said.',
    loadBalancerClass: 'Which implementation of load balancers should serve it. Only for type LoadBalancer.',
    loadBalancerIP: 'Address that the load balancer should have. Not acted on.',
    loadBalancerSourceRanges: 'Networks that may use the load balancer, like 10.0.0.0/8. Only for type LoadBalancer.',
    ports: 'The ports of the Service.',
    publishNotReadyAddresses: 'Whether pods count before they are ready.',
    selector: 'Labels of the pods that are meant. Without any, you keep the endpoints yourself.',
    sessionAffinity: 'ClientIP keeps a client with one pod, None does not; None unless said. Not acted on yet.',
    sessionAffinityConfig: 'How long a client is kept with a pod.',
    trafficDistribution: 'PreferClose asks for pods in the zone of the client. Not acted on yet.',
    type: 'From where it is reached: ClusterIP, NodePort, LoadBalancer or ExternalName; ClusterIP unless said. Skiff makes no load balancer yet.',
  },
  'io.k8s.api.core.v1.ServicePort': {
    '': 'A port of a Service and the port of the pods behind it.',
    appProtocol,
    name: 'Name of the port; needed when there are several.',
    nodePort:
      'Port of every node, from 30000 to 32767, for NodePort and LoadBalancer; given out unless said. Nothing listens on it.',
    port: 'Port that clients use.',
    protocol,
    targetPort: 'Port of the pods, by number or by the name that containers give it; the same as port unless said.',
  },
  'io.k8s.api.core.v1.SessionAffinityConfig': {
    '': 'How clients are kept with a pod.',
    clientIP: 'By their address.',
  },
  'io.k8s.api.core.v1.ClientIPConfig': {
    '': 'How long a client is kept with a pod by its address.',
    timeoutSeconds: 'Seconds since its last connection, up to 86400; 10800 unless said.',
  },
  'io.k8s.api.core.v1.ServiceStatus': {
    '': 'Where a Service can be reached from outside.',
    conditions: 'Things that are or are not so of the Service.',
    loadBalancer: 'The load balancer, once there is one.',
  },
  'io.k8s.api.core.v1.LoadBalancerStatus': {
    '': 'A load balancer that leads to a Service.',
    ingress: 'The places at which it listens.',
  },
  'io.k8s.api.core.v1.LoadBalancerIngress': {
    '': 'One place at which a load balancer listens.',
    hostname: 'Its name in DNS.',
    ip: 'Its address.',
    ipMode: 'VIP or Proxy: whether packets arrive with the address of the balancer or of the pod.',
    ports: 'Its ports.',
  },
  'io.k8s.api.core.v1.PortStatus': {
    '': 'A port of a load balancer.',
    error: 'What is wrong with it, if anything.',
    port: 'The port.',
    protocol: 'TCP, UDP or SCTP.',
  },
  'io.k8s.api.core.v1.Endpoints': {
    '': 'Addresses behind the Service of the same name. Kept by Skiff if that has a selector; EndpointSlices say more.',
    ...objectFields,
    subsets: 'Addresses with the same ports together.',
  },
  'io.k8s.api.core.v1.EndpointSubset': {
    '': 'Addresses that all have the same ports.',
    addresses: 'Those that take traffic.',
    notReadyAddresses: 'Those that take none yet.',
    ports: 'Ports of all of them.',
  },
  'io.k8s.api.core.v1.EndpointAddress': {
    '': 'One address behind a Service.',
    hostname: 'Host name of the pod, when it has one of its own.',
    ip: 'The address.',
    nodeName: 'Node of the pod: its Availability Zone.',
    targetRef: 'The pod.',
  },
  'io.k8s.api.core.v1.EndpointPort': {
    '': 'A port of addresses behind a Service.',
    appProtocol,
    name: 'Name of the port of the Service.',
    port: 'Port of the pods.',
    protocol,
  },
  'io.k8s.api.discovery.v1.EndpointSlice': {
    '': 'Some of the addresses behind a Service, which its label kubernetes.io/service-name names.',
    ...objectFields,
    addressType: 'IPv4, IPv6 or FQDN; cannot be changed.',
    endpoints: 'The pods, up to 1000.',
    ports: 'Ports of all of them.',
  },
  'io.k8s.api.discovery.v1.Endpoint': {
    '': 'A pod or other place behind a Service.',
    addresses: 'Its addresses; all mean the same place.',
    conditions: 'Whether it takes traffic.',
    deprecatedTopology: 'Labels of its node, from older versions.',
    hints: 'Whom it should serve.',
    hostname: 'Host name of the pod, when it has one of its own.',
    nodeName: 'Node of the pod.',
    targetRef: 'The pod.',
    zone: 'Availability Zone of the pod.',
  },
  'io.k8s.api.discovery.v1.EndpointConditions': {
    '': 'Whether a place behind a Service takes traffic.',
    ready: 'Takes traffic; unknown counts as yes.',
    serving: 'Could take traffic, even while it is being deleted.',
    terminating: 'Is being deleted.',
  },
  'io.k8s.api.discovery.v1.EndpointHints': {
    '': 'Whom a place behind a Service should serve.',
    forNodes: 'Clients on these nodes.',
    forZones: 'Clients in these zones.',
  },
  'io.k8s.api.discovery.v1.EndpointPort': {
    '': 'A port of the places in a slice.',
    appProtocol,
    name: 'Name of the port of the Service.',
    port: 'Port of the pods.',
    protocol,
  },
  'io.k8s.api.discovery.v1.ForNode': { '': 'A node.', name: 'Its name.' },
  'io.k8s.api.discovery.v1.ForZone': { '': 'A zone.', name: 'Its name.' },
};
