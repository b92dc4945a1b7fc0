package dev.ringlet.reactive;

/** Both sides of a publisher for several subscribers, with as many as the TCK has. */
abstract class MulticastProcessorTck extends StageProcessorTck {
  /** More than any test of the TCK has. */
  private static final int SUBSCRIBERS = 16;

  MulticastProcessorTck(String driver) {
    super(
        driver,
        (on, upstream, ahead) ->
            Processors.multicast(upstream, on.executor(), MulticastOptions.slowest(ahead)),
        SUBSCRIBERS);
  }

  /** A failure comes behind the elements, so that all have to ask for these before. */
  @Override
  public final boolean doesCoordinatedEmission() {
    return true;
  }
}
