package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class OnExecutorProcessorUringTckTest extends StageProcessorTck {
  public OnExecutorProcessorUringTckTest() {
    super("uring", ProcessorKind.ON_EXECUTOR);
  }
}
