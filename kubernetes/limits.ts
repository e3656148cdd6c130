/**
 * Every limit of a request, an answer and a stream, in one place: what it bounds, its unit, and where the figure comes from.
 * A request has a budget: bytes in, nodes after decoding, work, bytes out, and unread bytes of a stream. The event loop
 * never stands for 200 ms.
 */

// Bodies

/** Bytes of a request body. A kube-apiserver's `MaxRequestBodyBytes`. */
export const maximumBodyBytes = 3 * 1024 * 1024;

/**
 * Items and fields of an object, or of a patch. Each costs up to 13 microseconds on its way to the store, most of them for
 * its managed fields, so that this many cost less than 200 ms. Kubernetes has no such limit.
 */
export const maximumValues = 15_000;

/** Items and fields of all documents of a request, which are looked at one by one: 60 ms to parse where they are one text. */
export const maximumValuesOfDocuments = 200_000;

/** Lines, commas and opening brackets of a YAML document, in its texts too: each costs its parser up to 2 microseconds. */
export const maximumYamlMarks = 100_000;

/** Items that the inserts and removals of a JSON patch may shift in lists, in all: 8 bytes each, some 50 ms. */
export const maximumShiftedItems = 50_000_000;

// Texts in a pod spec. A kube-apiserver takes longer ones, but no node could use them.

/** Characters of a path: Linux' `PATH_MAX`. */
export const maximumPathLength = 4096;

/** Characters of an image reference, which is a part of a URL's path. */
export const maximumImageLength = 4096;

/** Requirements of a label or a field selector: each is asked of every object. Clients send a handful; Kubernetes has no limit. */
export const maximumSelectorRequirements = 500;

// Errors and warnings. A kube-apiserver shows what it was given, whole; so these figures are ours unless they say otherwise.

/** Characters of one value, key or path of a client in an error: more than any name, path or image has. */
export const maximumShownCharacters = 1024;

/** Characters of one cause: the value, and what is wrong with it. The longest of Kubernetes' own texts has 600. */
export const maximumCauseCharacters = 4096;

/** Causes of one error. */
export const maximumCauses = 500;

/** Characters of all causes of an error together, their fields counted. */
export const maximumCausesCharacters = 60 * 1024;

/** Characters of an error's message, which repeats the causes. */
export const maximumMessageCharacters = 64 * 1024;

/** Characters of what an Event says, which often is an error. */
export const maximumEventCharacters = 4096;

/** Events about fields of one revision of a pod template that are not honoured. */
export const maximumFieldEvents = 50;

/** Characters of a fault in the log of a process. CloudWatch Logs takes 256 KiB a line. */
export const maximumLogCharacters = 16 * 1024;

/** Characters of all warnings of an answer; the first that goes beyond makes all be cut. A kube-apiserver's `truncateAtTotalRunes`. */
export const maximumWarningsCharacters = 4 * 1024;

/** Characters of a warning that is cut. A kube-apiserver's `truncateItemRunes`. */
export const maximumWarningCharacters = 256;

// POST /apply

/** Documents of a request. An object of 600 bytes makes a body of 3 MiB of so many. */
export const maximumDocuments = 5000;

/** Characters of what is told of the documents one by one; the rest is told in short. */
export const maximumItemsCharacters = 4 * 1024 * 1024;

// What is stored

/** Bytes of an object as JSON. etcd's default `--max-request-bytes`, which clients of Kubernetes know. */
export const maximumObjectBytes = 1.5 * 1024 * 1024;

/** Characters of an object with which others have a turn of the event loop after each step: less than 5 ms to read. Skiff's own. */
export const pacedCharacters = 64 * 1024;

/** Writes of one transaction. DynamoDB takes 100 actions, and each write of ours is two. */
export const maximumTransactionWrites = 50;

/** Owners of an object. The store of the cloud has an item for each. */
export const maximumOwners = 256;

// Disk

/**
 * Bytes that are held back in a data directory for deletions on a full disk: some thousands of them, each with the names of
 * what is deleted. Our own figure; etcd keeps 100 MB of its quota for the same end.
 */
export const reserveBytes = 2 * 1024 * 1024;

// HTTP: connections, and the beginning of requests. Neither ends what lasts, such as a watch, exec or `logs --follow`.

/** What `skiff up` sets on its server. */
export const httpLimits = {
  /** Connections at a time. 3,000 open watches take 170 MB; whoever comes later is turned away until one has gone. */
  connections: 4096,
  /** Milliseconds until a connection has sent its first byte, which tells TLS from plain HTTP. Go's TLSHandshakeTimeout. */
  firstByteMilliseconds: 10_000,
  /** Milliseconds for a TLS handshake. Go's TLSHandshakeTimeout. */
  handshakeMilliseconds: 10_000,
  /** Milliseconds until a request's headers are there. A kube-apiserver's `ReadHeaderTimeout`. */
  headersMilliseconds: 32_000,
  /** Milliseconds until a request is there with its body. A kube-apiserver's `--request-timeout`; answers may take longer. */
  requestMilliseconds: 60_000,
  /** Milliseconds that a connection may be idle between requests. Above the 90 s of Go's clients: they are to close it. */
  idleMilliseconds: 120_000,
  /** Milliseconds between two looks at which of these times are over. */
  lookMilliseconds: 5000,
  /** Bytes of a request's line and headers: a command of exec is in the URL. An Application Load Balancer's limit. */
  headerBytes: 64 * 1024,
  /** Header lines of a request. Apache's `LimitRequestFields`; kubectl sends ten. */
  headers: 100,
} as const;

/** Seconds that a watch stays open locally. A kube-apiserver's `--min-request-timeout` lets it live for half an hour to an hour. */
export const maximumWatchSeconds = 3600;

// Streams, watches and kept logs

/** Bytes that wait for readers in the whole process. Beyond it, the connections that have waited longest are ended. Skiff's own: a small part of Node's heap. */
export const maximumUnreadBytes = 256 * 1024 * 1024;
/** Bytes of one stream connection that wait for a reader; it is not read from beyond that. Skiff's own: 32 pieces of 32 KB, as kubectl sends them. */
export const maximumConnectionUnreadBytes = 1024 * 1024;
/** Bytes that each waiting piece counts besides its length: what Node needs for a Buffer, roughly. */
export const pieceOverheadBytes = 256;
/** Bytes of one SPDY header block, decompressed. Clients send three short headers. */
export const maximumHeaderBlockBytes = 64 * 1024;
/** Bytes of the headers of all open streams of a SPDY connection. Skiff's own: four of the largest blocks. */
export const maximumHeaderBytes = 4 * maximumHeaderBlockBytes;
/** Bytes of one SPDY frame. Clients send 32 KB at a time. */
export const maximumSpdyFrameBytes = 1024 * 1024;
/** Open streams of a SPDY connection: 500 forwarded connections. */
export const maximumSpdyStreams = 1000;
/** Port-forward streams that wait for the other one of their pair. kubectl opens the two one after the other. */
export const maximumWaitingStreams = 64;
/** Milliseconds in which a client opens the streams that belong together. The kubelet's `DefaultStreamCreationTimeout`. */
export const streamCreationMilliseconds = 30_000;
/** Milliseconds in which a client closes a connection that has been ended. Skiff's own. */
export const goodbyeMilliseconds = 5000;
/** Milliseconds between pings on a connection that is not read, which is how it is noticed that its client has gone. Skiff's own. */
export const pingMilliseconds = 15_000;
/** Bytes of a WebSocket message. kubectl sends 32 KB; other clients send a whole input at once. A kube-apiserver takes 32 MB. */
export const maximumWebSocketMessageBytes = 16 * 1024 * 1024;
/** Bytes that are given to a connection at a time, where there are more. Skiff's own: less makes long lists slow. */
export const pieceBytes = 1024 * 1024;
/** Characters of an object or a list that is written as YAML of many lines; longer ones are answered as JSON, which is YAML too. Skiff's own: 50 ms of work. */
export const maximumYamlCharacters = 64 * 1024;
/** Bytes of a list in YAML that are given to a connection at a time. It takes a hundred times as long to write as JSON: less than 50 ms. */
export const yamlPieceBytes = 128 * 1024;
/** Bytes of a watch that wait for its client; what happens beyond that is read from the store when the client is ready. Skiff's own. */
export const maximumWatchUnreadBytes = 256 * 1024;
/** The same for all watches of a process together. Skiff's own: a quarter of what may wait in all. */
export const maximumWatchesUnreadBytes = maximumUnreadBytes / 4;
/** Bytes of objects in a list that is answered in one piece; a longer one is made as the client takes it. Skiff's own. */
export const maximumWholeListBytes = 4 * 1024 * 1024;
/** Milliseconds for which a list is held for a client that does not take it; then it is read again, as it was. Skiff's own. */
export const heldListMilliseconds = 1000;
/** Bytes of the logs that are kept of all tasks that have ended. Skiff's own: 32 containers with as much as is kept of one. */
export const maximumKeptLogBytes = 32 * 1024 * 1024;
/** Bytes of the log that is kept of one container. Skiff's own: a thousand lines of a kilobyte. */
export const maximumKeptContainerLogBytes = 1024 * 1024;
/** Characters of a line in a log; what is longer becomes several lines. An engine's own pieces have 16 KB. */
export const maximumLogLineCharacters = 256 * 1024;
