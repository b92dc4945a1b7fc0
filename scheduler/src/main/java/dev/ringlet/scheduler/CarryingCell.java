package dev.ringlet.scheduler;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An actor of a system whose messages take something with them; others do not pay for that. */
final class CarryingCell<M> extends ActorCell<M> {
  CarryingCell(
      CoreExecutor executor,
      TaskQueue queue,
      ActorCell<?> parent,
      @Nullable String name,
      Object policies) {
    super(executor, queue, parent, name, policies);
  }

  @Override
  public void tell(M message) {
    send(system().carrying().entry(entryFor(Objects.requireNonNull(message, "message"))));
  }
}
