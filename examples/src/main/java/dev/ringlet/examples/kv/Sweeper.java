package dev.ringlet.examples.kv;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import java.time.Duration;

/**
 * Makes the shard look for expired keys now and then, one bounded step at a time: the next step is
 * only asked for when the last one is done, so a busy shard is never flooded.
 */
final class Sweeper implements Actor<Sweeper.Message> {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** While no key has an expiry. */
  private static final Duration IDLE_INTERVAL = Duration.ofSeconds(1);

  /** What it is told. */
  sealed interface Message {}

  /** It is time for a round. */
  record Due() implements Message {}

  /**
   * A step is done.
   *
   * @param removed how many keys it removed
   * @param tablePages how many pages a whole round looks at; 0 if no key has an expiry
   * @param stepPages how many pages a step looks at
   */
  record Swept(int removed, int tablePages, int stepPages) implements Message {}

  private static final Message DUE = new Due();

  private final ActorRef<ShardMessage> shard;
  private int pagesLeft;

  Sweeper(ActorRef<ShardMessage> shard) {
    this.shard = shard;
  }

  @Override
  public void preStart(ActorContext<Message> context) {
    context.timers().once(DUE, INTERVAL, DUE);
  }

  @Override
  public void receive(Message message, ActorContext<Message> context) {
    if (message instanceof Swept swept) {
      onSwept(swept, context);
    } else {
      pagesLeft = -1;
      shard.tell(new ShardMessage.Sweep(context.self()));
    }
  }

  /** A round goes once over the table, and on as long as it finds much. */
  private void onSwept(Swept swept, ActorContext<Message> context) {
    pagesLeft = (pagesLeft < 0 ? swept.tablePages() : pagesLeft) - swept.stepPages();
    boolean more = swept.tablePages() > 0 && (pagesLeft > 0 || swept.removed() > 0);
    if (more) {
      shard.tell(new ShardMessage.Sweep(context.self()));
    } else {
      context.timers().once(DUE, swept.tablePages() == 0 ? IDLE_INTERVAL : INTERVAL, DUE);
    }
  }
}
