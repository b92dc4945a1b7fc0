package dev.ringlet.scheduler;

import dev.ringlet.actor.ActorInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks each executor for its actors with the longest mailboxes. */
final class Census extends Command {
  private static final Comparator<ActorInfo> BY_SIZE =
      Comparator.comparingInt(ActorInfo::mailboxSize);

  private final int limit;
  private final CompletableFuture<List<ActorInfo>> answer = new CompletableFuture<>();

  private Census(int limit) {
    this.limit = limit;
  }

  /** Any thread. */
  static CompletionStage<List<ActorInfo>> take(List<CoreExecutor> executors, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + "; give at least 1");
    }
    List<Census> parts = new ArrayList<>();
    for (CoreExecutor executor : executors) {
      Census part = new Census(limit);
      parts.add(part);
      executor.runOrSend(part, true);
    }
    ExecutorFuture<List<ActorInfo>> all = new ExecutorFuture<>();
    var unused =
        CompletableFuture.allOf(
                parts.stream().map(part -> part.answer).toArray(CompletableFuture<?>[]::new))
            .thenRun(() -> all.complete(merge(parts, limit)));
    return all;
  }

  private static List<ActorInfo> merge(List<Census> parts, int limit) {
    return parts.stream()
        .flatMap(part -> part.answer.join().stream())
        .sorted(BY_SIZE.reversed().thenComparing(ActorInfo::path))
        .limit(limit)
        .toList();
  }

  @Override
  void run(CoreExecutor executor) {
    PriorityQueue<ActorInfo> longest = new PriorityQueue<>(BY_SIZE);
    executor
        .residents()
        .collectLiving(
            cell -> {
              if (cell.executor() == executor) {
                add(longest, cell);
              }
            });
    answer.complete(List.copyOf(longest));
  }

  private void add(PriorityQueue<ActorInfo> longest, ActorCell<?> cell) {
    if (longest.size() == limit) {
      ActorInfo shortest = longest.element();
      if (shortest.mailboxSize() >= cell.mailboxSize()) {
        return;
      }
      longest.remove();
    }
    longest.add(cell.info());
  }

  @Override
  void refused(CoreExecutor executor) {
    answer.complete(List.of());
  }
}
