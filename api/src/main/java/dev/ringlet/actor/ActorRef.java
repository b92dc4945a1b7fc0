package dev.ringlet.actor;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The address of an actor: the only way to reach it.
 *
 * <p><b>Thread:</b> any thread, also one that Ringlet knows nothing of.
 *
 * <p><b>Ordering:</b> messages from one sender to one receiver arrive in the order they were sent.
 *
 * @param <M> the type of messages the actor accepts
 */
public interface ActorRef<M> {
  /**
   * Sends a message and returns at once. A message that cannot be delivered, because the actor has
   * stopped, is a {@link DeadLetter}: counted, logged, and told to those who have subscribed.
   *
   * @param message the message; must not be changed afterwards by the sender
   * @throws NullPointerException if the message is null
   * @throws MailboxFullException if the actor's mailbox is full and {@link Mailbox.Overflow#FAIL}
   *     says so
   */
  void tell(M message);

  /**
   * Sends a message if there is room for it. As {@link #tell} where the mailbox is not bounded.
   *
   * @param message the message; must not be changed afterwards by the sender
   * @return false if the mailbox is full and does not drop messages; the message is not sent then
   * @throws NullPointerException if the message is null
   */
  default boolean tryTell(M message) {
    tell(message);
    return true;
  }

  /**
   * Whether {@link #tryTell} may give false: the mailbox is bounded and does not drop messages.
   * Never changes.
   *
   * @return true for an actor whose mailbox is {@linkplain Mailbox#bounded bounded} with {@link
   *     Mailbox.Overflow#REJECT} or {@link Mailbox.Overflow#FAIL}, and for its {@linkplain
   *     ActorContext#adapt adapters}; false for all other addresses, those of routers and sharded
   *     services too, behind which there are several mailboxes
   */
  default boolean mayRefuse() {
    return false;
  }

  /**
   * Sends a message that carries a reply address and gives the reply as a stage.
   *
   * <p>The stage fails with {@link AskTimeoutException} when no reply came in time, and with {@link
   * ActorStoppedException} at once when the message could not be delivered. A reply that comes
   * later is a dead letter. Never block an executor thread on the stage: from inside an actor, hand
   * it to {@link ActorContext#pipe}.
   *
   * @param message builds the message from the address to reply to
   * @param timeout how long to wait for the reply; more than zero
   * @param <R> the type of the reply
   * @return the reply, completed on the executor of the actor that replied
   */
  <R> CompletionStage<R> ask(Function<? super ActorRef<R>, ? extends M> message, Duration timeout);

  /**
   * Where the actor lives: {@code /system/parent/name}.
   *
   * @return the path, unique among the living actors of a system
   */
  String path();
}
