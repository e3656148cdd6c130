// One after the other: they share one store of containers, and each asks in the end whether anything is left in it.
import './support/patience.ts';
import './conformance.ts';
import './docker-runtime.ts';
import './private-images.ts';
import './probes.ts';
import './skiff.ts';
import './walk.ts';
