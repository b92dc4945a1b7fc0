/**
 * Reactive Streams over actors and I/O. Start reading at {@link dev.ringlet.reactive.Publishers}
 * and {@link dev.ringlet.reactive.Subscribers}.
 */
// Reactive Streams has a stable module name in its manifest, but no module descriptor.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.ringlet.reactive {
  requires transitive dev.ringlet.api;
  requires transitive org.reactivestreams;
  requires static transitive org.jspecify;

  exports dev.ringlet.reactive;
}
