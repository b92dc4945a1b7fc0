package dev.ringlet.reactive;

/** See the superclass; on the NIO driver. */
public final class AskEachProcessorNioTckTest extends StageProcessorTck {
  public AskEachProcessorNioTckTest() {
    super("nio", ProcessorKind.ASK_EACH);
  }
}
