package dev.ringlet.reactive;

import java.time.Duration;

/** See the superclass; replies come as they are given, on the NIO driver. */
public final class UnorderedAskEachNioTckTest extends AskEachTck {
  public UnorderedAskEachNioTckTest() {
    super("nio", AskOptions.unordered(4, Duration.ofSeconds(20)));
  }
}
