package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.TlsStream;
import java.util.Random;

/** Sends data in pieces of random length, a few at a time. */
final class TlsSender implements Actor<Object> {
  private static final int AT_ONCE = 4;
  private static final int LONGEST = 40_000;
  private final TlsStream stream;
  private final byte[] data;
  private final Random random = new Random(17);
  private int next;

  TlsSender(TlsStream stream, byte[] data) {
    this.stream = stream;
    this.data = data;
  }

  @Override
  public void preStart(ActorContext<Object> context) {
    for (int i = 0; i < AT_ONCE; i++) {
      sendNext(context);
    }
  }

  @Override
  public void receive(Object message, ActorContext<Object> context) {
    sendNext(context);
  }

  private void sendNext(ActorContext<Object> context) {
    int length = Math.min(data.length - next, 1 + random.nextInt(LONGEST));
    if (length > 0) {
      IoBuffer buffer = context.io().buffer(length).write(data, next, length);
      next += length;
      context.pipe(stream.send(buffer), (count, failure) -> failure == null ? count : failure);
    }
  }
}
