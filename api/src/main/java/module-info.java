/**
 * What users compile against: typed actors, executors with priority classes, I/O as operations and
 * streams, and the seam ({@code dev.ringlet.spi}) that schedulers and I/O drivers plug into.
 *
 * <p>Start reading at {@link dev.ringlet.actor.ActorSystem}.
 */
@SuppressWarnings("requires-automatic") // Micrometer has no module descriptor
module dev.ringlet.api {
  requires static transitive org.jspecify;
  requires static micrometer.core;

  exports dev.ringlet.actor;
  exports dev.ringlet.executor;
  exports dev.ringlet.io;
  exports dev.ringlet.metrics;
  exports dev.ringlet.spi;

  uses dev.ringlet.spi.ActorSystemProvider;
}
