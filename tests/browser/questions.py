"""What the tour asks the desk's database for: one thing of each kind, to open its page."""

from __future__ import annotations

CONVERSATION = "SELECT key FROM engagement_conversation WHERE state = 'open' AND NOT private ORDER BY last_at LIMIT 1"
POST = "SELECT key FROM calendar_app_post WHERE dropped_at IS NULL ORDER BY id LIMIT 1"
DRAFT = (
    "SELECT o.key FROM calendar_app_post o JOIN calendar_app_placement p ON p.post_id = o.id "
    "WHERE o.dropped_at IS NULL AND p.state = 'draft' ORDER BY o.id LIMIT 1"
)
COMING = (
    "SELECT o.key FROM calendar_app_post o JOIN calendar_app_placement p ON p.post_id = o.id "
    "JOIN channels_app_delivery d ON d.id = p.delivery_id WHERE d.state = 'scheduled' ORDER BY d.due_at DESC LIMIT 1"
)
PUBLISHED = (
    "SELECT p.key FROM calendar_app_placement p JOIN channels_app_delivery d ON d.id = p.delivery_id "
    "WHERE d.state = 'published' ORDER BY p.id LIMIT 1"
)
BY_HAND = (
    "SELECT p.key FROM calendar_app_placement p JOIN channels_app_delivery d ON d.id = p.delivery_id "
    "WHERE d.state = 'needs_attention' AND d.why = 'by_hand' ORDER BY p.id LIMIT 1"
)
PICTURED, FILMED = (  # not yet out on Instagram; out on YouTube
    "SELECT o.key FROM calendar_app_post o JOIN calendar_app_placement p ON p.post_id = o.id "
    f"JOIN channels_app_channel c ON c.id = p.channel_id WHERE c.platform = '{platform}' ORDER BY o.id LIMIT 1"
    for platform in ("instagram", "youtube")
)
IDEA = (
    "SELECT o.key FROM calendar_app_post o JOIN accounts_user u ON u.id = o.author_id "
    "WHERE u.email LIKE 'lena@%' LIMIT 1"
)
PART = "SELECT o.key FROM calendar_app_post o JOIN calendar_app_seriespart s ON s.post_id = o.id WHERE s.n = 2 LIMIT 1"
SERIES = "SELECT key FROM calendar_app_series ORDER BY id LIMIT 1"
TAKEN, CHECKED, MADE = (
    f"SELECT key FROM calendar_app_import WHERE state = '{state}' ORDER BY id LIMIT 1"
    for state in ("new", "checked", "made")
)
SENT_IN = "SELECT key FROM calendar_app_idea WHERE state = 'sent' ORDER BY id LIMIT 1"
CHANNEL = "SELECT key FROM channels_app_channel ORDER BY id LIMIT 1"
ON_YOUTUBE, BY_FEED, ON_NEXTDOOR, SOON = (
    f"SELECT key FROM channels_app_channel WHERE {which} ORDER BY id LIMIT 1"
    for which in ("platform = 'youtube'", "platform = 'rss'", "platform = 'manual'", "in_preparation")
)
OBJECTIVE = "SELECT key FROM policy_objective ORDER BY id LIMIT 1"
REPORT = "SELECT week FROM metrics_weeklyreport WHERE state = 'made' ORDER BY week LIMIT 1"
OUTSIDE, OUTSIDE_MADE = (
    f"SELECT key FROM metrics_outsidefile WHERE state = '{state}' ORDER BY id LIMIT 1" for state in ("new", "made")
)
SAMPLE, SAMPLE_DONE = (
    f"SELECT key FROM metrics_sample WHERE state = '{state}' ORDER BY id LIMIT 1" for state in ("open", "done")
)
PAID, PAID_RUNNING = (
    f"SELECT key FROM metrics_paid WHERE state = '{state}' ORDER BY id LIMIT 1" for state in ("planned", "running")
)
MODULE = "SELECT key FROM accounts_trainingmodule ORDER BY place LIMIT 1"
ATTEMPT = (
    "SELECT a.key FROM accounts_trainingattempt a JOIN accounts_user u ON u.id = a.user_id "
    "WHERE u.email LIKE 'tom@%' ORDER BY a.id LIMIT 1"
)
DEPARTURE = "SELECT key FROM accounts_departure ORDER BY finished_at NULLS FIRST LIMIT 1"
WARNING = "SELECT key FROM calendar_app_emergencymessage WHERE state = 'sent' ORDER BY id LIMIT 1"
PRACTISED = "SELECT key FROM policy_modespan WHERE mode = 'emergency' ORDER BY id LIMIT 1"
ELECTION = "SELECT key FROM policy_modespan WHERE mode = 'election' ORDER BY id LIMIT 1"
OPEN_INCIDENT = "SELECT key FROM policy_incident WHERE settled_at IS NULL ORDER BY id LIMIT 1"
SETTLED_INCIDENT = "SELECT key FROM policy_incident WHERE settled_at IS NOT NULL ORDER BY id LIMIT 1"
SAY = "SELECT key FROM policy_finalsay ORDER BY id LIMIT 1"
POSITION = "SELECT key FROM policy_position WHERE ends_at IS NULL LIMIT 1"
PICTURE = "SELECT key FROM channels_app_media WHERE state = 'ready' ORDER BY name = 'youth.png' DESC, id LIMIT 1"
FILM = "SELECT key FROM channels_app_media WHERE kind = 'video' ORDER BY id LIMIT 1"
CAMPAIGN = "SELECT key FROM calendar_app_campaign WHERE name = 'Winter ready'"
NOTICE = "SELECT key FROM calendar_app_notice ORDER BY id LIMIT 1"
AUDIENCE = "SELECT key FROM calendar_app_audience ORDER BY id LIMIT 1"
KIT = "SELECT key FROM calendar_app_sharekit ORDER BY id LIMIT 1"
ASSET = "SELECT key FROM calendar_app_asset WHERE kind = 'video' LIMIT 1"
SERVICE = "SELECT key FROM channels_app_servicelink ORDER BY id LIMIT 1"
SAVED = "SELECT key FROM engagement_savedreply WHERE owner_id IS NULL ORDER BY id LIMIT 1"
APPROVED = "SELECT key FROM engagement_answer WHERE state = 'approved' ORDER BY review_on LIMIT 1"
TO_APPROVE = "SELECT key FROM engagement_answer WHERE state = 'in_review' ORDER BY id LIMIT 1"
HANDED = "SELECT key FROM engagement_handed WHERE state = 'asked' ORDER BY due_at LIMIT 1"
CAME_BACK = "SELECT key FROM engagement_handed WHERE state = 'answered' ORDER BY id LIMIT 1"
UNDER_A_POST = (
    "SELECT key FROM engagement_conversation WHERE state = 'open' AND NOT private AND root_id <> '' "
    "AND unanswered_since IS NOT NULL ORDER BY root_id LIMIT 1"
)
UNDECIDED = "SELECT key FROM engagement_decision WHERE state = 'open' AND reason <> '' LIMIT 1"
DECIDED = "SELECT key FROM engagement_decision WHERE state = 'approved' LIMIT 1"
TO_DECIDE = (
    "SELECT c.key FROM engagement_conversation c JOIN engagement_decision d ON d.conversation_id = c.id "
    "WHERE d.state = 'open' AND d.reason <> '' LIMIT 1"
)
RULE = "SELECT key FROM engagement_rule WHERE state = 'on' ORDER BY place LIMIT 1"
WATCH = "SELECT key FROM engagement_watch WHERE kind = 'topic' ORDER BY id LIMIT 1"
HIT = "SELECT key FROM engagement_watchhit WHERE voice_id IS NULL AND message_id IS NULL ORDER BY id LIMIT 1"
KICKSTARTER, CALL, SUGGESTION, RELATIONSHIP, OUTREACH_PLACE = (
    f"SELECT key FROM engagement_{table} ORDER BY id LIMIT 1"
    for table in ("kickstarter", "inputcall", "suggestion", "relationship", "outreachplace")
)
DRAFT_CALL = "SELECT key FROM engagement_inputcall WHERE state = 'draft' ORDER BY id LIMIT 1"
PERSON = "SELECT key FROM accounts_user WHERE email LIKE 'tom@%'"

PROMISE, KEPT_PROMISE = (
    f"SELECT key FROM engagement_promise WHERE state = '{state}' ORDER BY due_on LIMIT 1" for state in ("open", "kept")
)
LEGAL, LEGAL_HANDED = (
    f"SELECT key FROM engagement_legalrequest WHERE state = '{state}' ORDER BY id LIMIT 1"
    for state in ("suggested", "handed")
)
ISSUE = "SELECT key FROM engagement_issue ORDER BY id LIMIT 1"
PLACE = "SELECT key FROM engagement_place WHERE active ORDER BY name LIMIT 1"
