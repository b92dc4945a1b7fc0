package dev.ringlet.reactive;

/** See the superclass; on the io_uring driver. */
public final class AskEachProcessorUringTckTest extends StageProcessorTck {
  public AskEachProcessorUringTckTest() {
    super("uring", ProcessorKind.ASK_EACH);
  }
}
