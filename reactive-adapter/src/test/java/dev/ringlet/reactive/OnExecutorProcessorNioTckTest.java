package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class OnExecutorProcessorNioTckTest extends StageProcessorTck {
  public OnExecutorProcessorNioTckTest() {
    super("nio", ProcessorKind.ON_EXECUTOR);
  }
}
