package dev.ringlet.scheduler;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * An actor that is told when it has got no message for a time. Stands in front of the real one, so
 * that others pay nothing for it. Owner executor only.
 */
final class ReceiveTimeout<M> implements Actor<M> {
  private final ActorCell<M> cell;
  private final Actor<M> actor;
  private final long nanos;
  private final Object message;
  private long lastNanos;
  private @Nullable Alarm alarm;

  ReceiveTimeout(ActorCell<M> cell, Actor<M> actor, long nanos, Object message) {
    this.cell = cell;
    this.actor = actor;
    this.nanos = nanos;
    this.message = message;
    this.lastNanos = now();
    start(nanos);
  }

  /** The same for another actor. */
  ReceiveTimeout<M> over(Actor<M> other) {
    end();
    return new ReceiveTimeout<>(cell, other, nanos, message);
  }

  Actor<M> actor() {
    return actor;
  }

  void end() {
    Alarm started = alarm;
    if (started != null) {
      alarm = null;
      cell.executor().cancel(started);
    }
  }

  private void start(long delayNanos) {
    Alarm started = new Alarm(this);
    alarm = started;
    cell.executor().schedule(started, delayNanos);
  }

  private long now() {
    return cell.executor().ticker().nanos();
  }

  @Override
  public void receive(M received, ActorContext<M> context) throws Exception {
    lastNanos = now();
    actor.receive(received, context);
  }

  @Override
  public void preRestart(Throwable failure, ActorContext<M> context) throws Exception {
    actor.preRestart(failure, context);
  }

  @Override
  public void postStop(ActorContext<M> context) throws Exception {
    actor.postStop(context);
  }

  private static final class Alarm extends Timer {
    private final ReceiveTimeout<?> owner;

    Alarm(ReceiveTimeout<?> owner) {
      this.owner = owner;
    }

    @Override
    void fire() {
      if (owner.leftNanos() > 0) {
        owner.start(owner.leftNanos());
      } else {
        owner.cell.enqueue(this);
      }
    }

    @Override
    void deliver(ActorCell<?> cell) throws Exception {
      if (owner.alarm == this) {
        owner.rang();
      }
    }
  }

  private long leftNanos() {
    return lastNanos + nanos - now();
  }

  /** What was in the mailbox before the alarm has been handled by now. */
  private void rang() throws Exception {
    long left = leftNanos();
    start(left > 0 ? left : nanos);
    if (left <= 0) {
      cell.receiveBehind(actor, message);
    }
  }
}
