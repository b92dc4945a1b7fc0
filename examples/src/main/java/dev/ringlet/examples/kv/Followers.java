package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Those who read a shard's log: where they are told to read, and how far. <b>Thread:</b> the
 * shard's.
 *
 * <p>Each opens the log when it is told to, and says so. The log is not replaced before all have:
 * so nobody opens another file than the one that is meant, and nobody misses one.
 */
final class Followers {
  /** Who has the log open ({@code true}), or was told to open it. */
  private final Map<ActorRef<ChangeSource.Message>, Boolean> ready = new LinkedHashMap<>();

  /** Who waits for the log to be replaced. */
  private final List<ActorRef<ChangeSource.Message>> newcomers = new ArrayList<>();

  private final List<ShardMessage.AwaitCommit> waiting = new ArrayList<>();

  /**
   * Takes one in.
   *
   * @param log which is in use
   * @param replacing whether the log is about to be replaced
   */
  void add(
      ActorRef<ChangeSource.Message> follower,
      ShardLog log,
      boolean replacing,
      ActorContext<ShardMessage> context) {
    context.watch(follower, new ShardMessage.FollowerGone(follower));
    if (replacing) {
      newcomers.add(follower);
    } else {
      admit(follower, log, log.base() + LogFormat.FILE_HEADER_BYTES);
    }
  }

  private void admit(ActorRef<ChangeSource.Message> follower, ShardLog log, long from) {
    ready.put(follower, false);
    follower.tell(new ChangeSource.LogAt(log.base(), from, log.appended()));
  }

  void onReady(ActorRef<ChangeSource.Message> follower) {
    ready.replace(follower, true);
  }

  void remove(ActorRef<ChangeSource.Message> follower) {
    ready.remove(follower);
    newcomers.remove(follower);
    waiting.removeIf(one -> one.replyTo().equals(follower));
  }

  boolean areAllReady() {
    return !ready.containsValue(false);
  }

  /**
   * The log was replaced.
   *
   * @param log the new one
   * @param from up to where the old one is to be read
   */
  void onReplaced(ShardLog log, long from) {
    for (ActorRef<ChangeSource.Message> follower : List.copyOf(ready.keySet())) {
      admit(follower, log, from);
    }
    admitNewcomers(log);
  }

  /** The log is not replaced any more. */
  void admitNewcomers(ShardLog log) {
    newcomers.forEach(one -> admit(one, log, log.base() + LogFormat.FILE_HEADER_BYTES));
    newcomers.clear();
  }

  void await(ShardMessage.AwaitCommit question, long committed) {
    waiting.add(question);
    tell(committed);
  }

  /** Tells those who know less how far the log is committed. */
  void tell(long committed) {
    if (waiting.isEmpty()) {
      return;
    }
    waiting.removeIf(
        one -> {
          boolean told = committed > one.position();
          if (told) {
            one.replyTo().tell(new ChangeSource.Committed(committed));
          }
          return told;
        });
  }
}
