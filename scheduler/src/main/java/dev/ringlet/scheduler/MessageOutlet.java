package dev.ringlet.scheduler;

import dev.ringlet.io.IoException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes messages for the actor of what a stream brings. */
final class MessageOutlet<T> extends Outlet<T> {
  private final Function<? super T, ?> onElement;
  private final @Nullable Function<? super @Nullable IoException, ?> onEnd;

  MessageOutlet(
      Function<? super T, ?> onElement,
      @Nullable Function<? super @Nullable IoException, ?> onEnd) {
    this.onElement = onElement;
    this.onEnd = onEnd;
  }

  @Override
  void element(ActorCell<?> cell, T element) throws Exception {
    cell.receiveAdapted(onElement.apply(element));
  }

  @Override
  void end(ActorCell<?> cell, @Nullable IoException failure) throws Exception {
    if (onEnd != null) {
      cell.receiveAdapted(onEnd.apply(failure));
    } else if (failure != null) {
      throw failure;
    }
  }
}
