package dev.ringlet.examples.kv;

import dev.ringlet.actor.ActorOptions;
import dev.ringlet.actor.ActorRef;
import dev.ringlet.reactive.Publishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;

/** The change feed of a server: one publisher per shard. Static. */
final class ChangeFeed {
  private ChangeFeed() {}

  /**
   * Makes the publishers. Each subscriber gets all changes of one shard in the order they were
   * made; between shards there is no order.
   *
   * @param fromBegin whether a subscriber gets what is in the logs already, or only what comes
   */
  static List<Publisher<Mutation>> of(KvServer server, boolean fromBegin) {
    List<Publisher<Mutation>> feeds = new ArrayList<>();
    List<ActorRef<ShardMessage>> shards = server.shards();
    for (int i = 0; i < shards.size(); i++) {
      ActorRef<ShardMessage> shard = shards.get(i);
      Path log = DataDirectory.logPath(server.config().data(), i);
      feeds.add(
          Publishers.<Mutation, ChangeSource.Message>of(
              server.system().executors().get(i),
              sink -> new ChangeSource(log, shard, fromBegin, sink),
              ChangeSource.Requested::new,
              ChangeSource.Cancelled::new,
              ActorOptions.named("changes-" + i).withPriorityClass(KvClasses.BACKGROUND)));
    }
    return feeds;
  }
}
