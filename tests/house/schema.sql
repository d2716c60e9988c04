-- What the migrations make of an empty SQLite database.
-- To change it: UPDATE=1 pytest tests/house/test_migrations.py

CREATE TABLE activity (
  CONSTRAINT ck_activity_begun CHECK (begun_at IS NULL OR NOT time_known),
  CONSTRAINT ck_activity_schedule CHECK (schedule IN ('tentative', 'confirmed', 'moved', 'cancelled')),
  CONSTRAINT ck_activity_times CHECK (ends_at >= starts_at),
  CONSTRAINT fk_activity_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_activity PRIMARY KEY (id),
  CONSTRAINT uq_activity_campaign_id_position UNIQUE (campaign_id, position),
  begun_at DATETIME,
  campaign_id INTEGER NOT NULL,
  ends_at DATETIME NOT NULL,
  id INTEGER NOT NULL,
  kind VARCHAR(20) NOT NULL,
  parameters JSON NOT NULL,
  place VARCHAR(120),
  position INTEGER NOT NULL,
  schedule VARCHAR(12) NOT NULL,
  sequence INTEGER NOT NULL,
  starts_at DATETIME NOT NULL,
  time_known BOOLEAN NOT NULL,
  title VARCHAR(120) NOT NULL
);

CREATE TABLE added_place (
  CONSTRAINT fk_added_place_pool_id FOREIGN KEY(pool_id) REFERENCES pool (id),
  CONSTRAINT fk_added_place_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_added_place PRIMARY KEY (registration_id, pool_id),
  pool_id INTEGER NOT NULL,
  registration_id INTEGER NOT NULL
);

CREATE TABLE admission (
  CONSTRAINT fk_admission_device_id FOREIGN KEY(device_id) REFERENCES device (id),
  CONSTRAINT fk_admission_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_admission PRIMARY KEY (registration_id, check_point),
  at DATETIME NOT NULL,
  check_point VARCHAR(20) NOT NULL,
  device_id INTEGER NOT NULL,
  registration_id INTEGER NOT NULL
);

CREATE TABLE answer (
  CONSTRAINT fk_answer_question_id FOREIGN KEY(question_id) REFERENCES question (id),
  CONSTRAINT fk_answer_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_answer PRIMARY KEY (registration_id, question_id),
  question_id INTEGER NOT NULL,
  registration_id INTEGER NOT NULL,
  value TEXT NOT NULL
);

CREATE TABLE api_token (
  CONSTRAINT ck_api_token_named CHECK (name <> '' AND scopes <> ''),
  CONSTRAINT ck_api_token_period CHECK (until > made_at),
  CONSTRAINT pk_api_token PRIMARY KEY (id),
  CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash),
  id INTEGER NOT NULL,
  last_used_at DATETIME,
  made_at DATETIME NOT NULL,
  name VARCHAR(60) NOT NULL,
  owner VARCHAR(120) NOT NULL,
  revoked_at DATETIME,
  scopes VARCHAR(80) NOT NULL,
  token_hash BLOB NOT NULL,
  until DATETIME NOT NULL
);

CREATE TABLE assessment (
  CONSTRAINT ck_assessment_purpose CHECK (purpose IN ('id_number', 'notice')),
  CONSTRAINT fk_assessment_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_assessment PRIMARY KEY (campaign_id, purpose),
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  campaign_id INTEGER NOT NULL,
  purpose VARCHAR(20) NOT NULL,
  text TEXT NOT NULL
);

CREATE TABLE audit_entry (
  CONSTRAINT pk_audit_entry PRIMARY KEY (id),
  CONSTRAINT uq_audit_entry_nonce UNIQUE (nonce),
  action VARCHAR(60) NOT NULL,
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  facts JSON NOT NULL,
  id INTEGER NOT NULL,
  mac BLOB,
  nonce BLOB,
  subject VARCHAR(60) NOT NULL
);

CREATE TABLE audit_seal (
  CONSTRAINT fk_audit_seal_entry_id FOREIGN KEY(entry_id) REFERENCES audit_entry (id),
  CONSTRAINT pk_audit_seal PRIMARY KEY (id),
  CONSTRAINT uq_audit_seal_entry_id UNIQUE (entry_id),
  at DATETIME NOT NULL,
  entry_id INTEGER NOT NULL,
  hash BLOB NOT NULL,
  id INTEGER NOT NULL
);

CREATE TABLE award_round (
  CONSTRAINT ck_award_round_closed CHECK (closed_at IS NULL OR opened_at IS NOT NULL),
  CONSTRAINT ck_award_round_seats CHECK (seats >= 1),
  CONSTRAINT ck_award_round_tie_break CHECK (tie_break IN ('none', 'first_criterion', 'chair')),
  CONSTRAINT fk_award_round_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_award_round PRIMARY KEY (id),
  CONSTRAINT uq_award_round_campaign_id UNIQUE (campaign_id),
  campaign_id INTEGER NOT NULL,
  closed_at DATETIME,
  drops BOOLEAN DEFAULT 0 NOT NULL,
  id INTEGER NOT NULL,
  opened_at DATETIME,
  reason VARCHAR(200) DEFAULT '' NOT NULL,
  seats INTEGER NOT NULL,
  tie_break VARCHAR(20) NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE award_terms (
  CONSTRAINT ck_award_terms_counted CHECK (counted IN ('zishu', 'han', 'characters')),
  CONSTRAINT ck_award_terms_most CHECK (most >= 1),
  CONSTRAINT ck_award_terms_who CHECK (who IN ('contacts', 'oneself', 'colleagues')),
  CONSTRAINT fk_award_terms_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
  CONSTRAINT pk_award_terms PRIMARY KEY (campaign_id),
  allotment JSON,
  campaign_id INTEGER NOT NULL,
  counted VARCHAR(12) NOT NULL,
  fields JSON NOT NULL,
  most INTEGER NOT NULL,
  who VARCHAR(12) NOT NULL,
  women_only BOOLEAN NOT NULL
);

CREATE TABLE browser_session (
  CONSTRAINT fk_browser_session_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT pk_browser_session PRIMARY KEY (id),
  CONSTRAINT uq_browser_session_token_hash UNIQUE (token_hash),
  browser VARCHAR(120) NOT NULL,
  elevated_until DATETIME NOT NULL,
  ended_at DATETIME,
  expires_at DATETIME NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  seen_at DATETIME NOT NULL,
  signed_in_at DATETIME NOT NULL,
  token_hash BLOB NOT NULL
);

CREATE TABLE calendar_day (
  CONSTRAINT pk_calendar_day PRIMARY KEY (day),
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  day DATE NOT NULL,
  name VARCHAR(40) NOT NULL,
  works BOOLEAN NOT NULL
);

CREATE TABLE calendar_feed (
  CONSTRAINT ck_calendar_feed_scope CHECK (scope IN ('own', 'managed')),
  CONSTRAINT fk_calendar_feed_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT pk_calendar_feed PRIMARY KEY (person_id, scope),
  CONSTRAINT uq_calendar_feed_token_hash UNIQUE (token_hash),
  made_at DATETIME NOT NULL,
  person_id INTEGER NOT NULL,
  scope VARCHAR(12) NOT NULL,
  token_hash BLOB NOT NULL
);

CREATE TABLE calendar_year (
  CONSTRAINT ck_calendar_year_year CHECK (year BETWEEN 2000 AND 2199),
  CONSTRAINT pk_calendar_year PRIMARY KEY (year),
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  complete BOOLEAN NOT NULL,
  year INTEGER NOT NULL
);

CREATE TABLE campaign (
  CONSTRAINT ck_campaign_accepts CHECK (accepts IN ('registrations', 'nominations')),
  CONSTRAINT ck_campaign_counters CHECK (waiting >= 0 AND last_arrival >= 0),
  CONSTRAINT ck_campaign_for_gender CHECK (for_gender IN ('female', 'male')),
  CONSTRAINT ck_campaign_offers CHECK (offer_from_h >= 0 AND offer_minutes > 0),
  CONSTRAINT ck_campaign_state CHECK (state IN ('draft', 'published')),
  CONSTRAINT ck_campaign_window CHECK (state = 'draft' OR closes_at > opens_at),
  CONSTRAINT fk_campaign_notice_id FOREIGN KEY(notice_id) REFERENCES privacy_notice (id),
  CONSTRAINT fk_campaign_season_id FOREIGN KEY(season_id) REFERENCES season (id),
  CONSTRAINT uq_campaign_slug UNIQUE (slug),
  accepts VARCHAR(16) NOT NULL,
  archive_until DATE,
  audience VARCHAR(200) NOT NULL,
  closed_at DATETIME,
  closes_at DATETIME NOT NULL,
  defaults JSON NOT NULL,
  for_gender VARCHAR(10),
  id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  intro TEXT NOT NULL,
  lang VARCHAR(10) NOT NULL,
  last_arrival INTEGER NOT NULL,
  notice_id INTEGER NOT NULL,
  offer_from_h INTEGER NOT NULL,
  offer_minutes INTEGER NOT NULL,
  one_of VARCHAR(40),
  opens_at DATETIME NOT NULL,
  opens_on_publication BOOLEAN NOT NULL,
  purged_at DATETIME,
  retain_until DATE NOT NULL,
  season_id INTEGER NOT NULL,
  slug VARCHAR(60) NOT NULL,
  state VARCHAR(12) NOT NULL,
  timezone VARCHAR(40) NOT NULL,
  title VARCHAR(120) NOT NULL,
  version INTEGER NOT NULL,
  waiting INTEGER NOT NULL
);

CREATE TABLE campaign_file (
  CONSTRAINT ck_campaign_file_height CHECK ((part = 'plan') = (height IS NULL)),
  CONSTRAINT ck_campaign_file_part CHECK (part IN ('picture', 'plan', 'map')),
  CONSTRAINT ck_campaign_file_size CHECK (size > 0),
  CONSTRAINT ck_campaign_file_width CHECK ((part = 'plan') = (width IS NULL)),
  CONSTRAINT fk_campaign_file_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_campaign_file PRIMARY KEY (id),
  CONSTRAINT uq_campaign_file_campaign_id_part UNIQUE (campaign_id, part),
  campaign_id INTEGER NOT NULL,
  height INTEGER,
  id VARCHAR(32) NOT NULL,
  kept_at DATETIME NOT NULL,
  kept_by VARCHAR(40) NOT NULL,
  name VARCHAR(200) NOT NULL,
  part VARCHAR(8) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  size INTEGER NOT NULL,
  width INTEGER
);

CREATE TABLE campaign_grant (
  CONSTRAINT ck_campaign_grant_period CHECK (until IS NULL OR until > since),
  CONSTRAINT ck_campaign_grant_role CHECK (role IN ('organiser', 'judge')),
  CONSTRAINT fk_campaign_grant_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_campaign_grant_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT pk_campaign_grant PRIMARY KEY (id),
  campaign_id INTEGER NOT NULL,
  granted_by VARCHAR(40) NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  role VARCHAR(20) NOT NULL,
  since DATETIME NOT NULL,
  until DATETIME
);

CREATE TABLE campaign_person (
  CONSTRAINT fk_campaign_person_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_campaign_person_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT pk_campaign_person PRIMARY KEY (campaign_id, person_id),
  campaign_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL
);

CREATE TABLE campaign_unit (
  CONSTRAINT fk_campaign_unit_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_campaign_unit_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_campaign_unit PRIMARY KEY (campaign_id, unit_id),
  campaign_id INTEGER NOT NULL,
  unit_id INTEGER NOT NULL
);

CREATE TABLE check_point (
  CONSTRAINT ck_check_point_role CHECK (role IN ('in', 'start', 'finish', 'other')),
  CONSTRAINT fk_check_point_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT fk_check_point_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_check_point PRIMARY KEY (campaign_id, code),
  activity_id INTEGER,
  after VARCHAR(20),
  campaign_id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  name VARCHAR(40) NOT NULL,
  position INTEGER NOT NULL,
  role VARCHAR(10) NOT NULL
);

CREATE TABLE code_count (
  CONSTRAINT ck_code_count_asked CHECK (asked >= 0),
  CONSTRAINT pk_code_count PRIMARY KEY (key),
  asked INTEGER NOT NULL,
  asked_at DATETIME NOT NULL,
  key BLOB NOT NULL,
  next_at DATETIME NOT NULL
);

CREATE TABLE criterion (
  CONSTRAINT ck_criterion_most CHECK (most BETWEEN 1 AND 1000),
  CONSTRAINT ck_criterion_weight CHECK (weight BETWEEN 1 AND 100),
  CONSTRAINT fk_criterion_round_id FOREIGN KEY(round_id) REFERENCES award_round (id),
  CONSTRAINT pk_criterion PRIMARY KEY (id),
  CONSTRAINT uq_criterion_position UNIQUE (round_id, position),
  id INTEGER NOT NULL,
  most INTEGER NOT NULL,
  position INTEGER NOT NULL,
  round_id INTEGER NOT NULL,
  title VARCHAR(40) NOT NULL,
  weight INTEGER NOT NULL
);

CREATE TABLE crossing (
  CONSTRAINT fk_crossing_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_crossing_device_id FOREIGN KEY(device_id) REFERENCES device (id),
  CONSTRAINT pk_crossing PRIMARY KEY (id),
  CONSTRAINT uq_crossing_device_id_nonce UNIQUE (device_id, nonce),
  at DATETIME NOT NULL,
  campaign_id INTEGER NOT NULL,
  check_point VARCHAR(20) NOT NULL,
  device_at DATETIME,
  device_id INTEGER NOT NULL,
  doubt BOOLEAN NOT NULL,
  id INTEGER NOT NULL,
  nonce VARCHAR(64) NOT NULL,
  note VARCHAR(200),
  received_at DATETIME NOT NULL,
  sent_at DATETIME,
  struck_at DATETIME,
  struck_by VARCHAR(40),
  struck_reason VARCHAR(200)
);

CREATE TABLE date_change (
  CONSTRAINT fk_date_change_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_date_change PRIMARY KEY (id),
  became JSON NOT NULL,
  campaign_id INTEGER NOT NULL,
  confirm_by DATETIME,
  id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  made_by VARCHAR(40) NOT NULL,
  note VARCHAR(200) NOT NULL,
  was JSON NOT NULL
);

CREATE TABLE delegation (
  CONSTRAINT ck_delegation_other CHECK (head_id <> delegate_id),
  CONSTRAINT ck_delegation_period CHECK (since <= until),
  CONSTRAINT fk_delegation_delegate_id FOREIGN KEY(delegate_id) REFERENCES person (id),
  CONSTRAINT fk_delegation_head_id FOREIGN KEY(head_id) REFERENCES person (id),
  CONSTRAINT fk_delegation_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_delegation PRIMARY KEY (id),
  delegate_id INTEGER NOT NULL,
  head_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  since DATETIME NOT NULL,
  unit_id INTEGER NOT NULL,
  until DATETIME NOT NULL
);

CREATE TABLE device (
  CONSTRAINT fk_device_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_device PRIMARY KEY (id),
  CONSTRAINT uq_device_api_token UNIQUE (api_token),
  CONSTRAINT uq_device_token_hash UNIQUE (token_hash),
  api_token VARCHAR(80),
  campaign_id INTEGER,
  check_point VARCHAR(20) NOT NULL,
  expires_at DATETIME NOT NULL,
  id INTEGER NOT NULL,
  name VARCHAR(80) NOT NULL,
  offset_at DATETIME,
  offset_ms BIGINT,
  paired_at DATETIME NOT NULL,
  revoked_at DATETIME,
  seen_at DATETIME NOT NULL,
  token_hash BLOB
);

CREATE TABLE document (
  CONSTRAINT ck_document_path CHECK ((path IS NOT NULL) = (state = 'ready')),
  CONSTRAINT ck_document_state CHECK (state IN ('asked', 'making', 'ready', 'failed')),
  CONSTRAINT fk_document_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_document PRIMARY KEY (id),
  asked_at DATETIME NOT NULL,
  asked_by VARCHAR(40),
  campaign_id INTEGER NOT NULL,
  done INTEGER NOT NULL,
  expires_at DATETIME NOT NULL,
  id INTEGER NOT NULL,
  kind VARCHAR(20) NOT NULL,
  lang VARCHAR(10) NOT NULL,
  made_at DATETIME,
  of INTEGER NOT NULL,
  path VARCHAR(200),
  state VARCHAR(10) NOT NULL
);

CREATE TABLE draw (
  CONSTRAINT ck_draw_purpose CHECK (purpose IN ('teams', 'prize', 'order', 'tie')),
  CONSTRAINT fk_draw_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT fk_draw_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_draw PRIMARY KEY (id),
  activity_id INTEGER,
  among JSON NOT NULL,
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  campaign_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  purpose VARCHAR(10) NOT NULL,
  seed VARCHAR(64),
  seed_hash BLOB NOT NULL,
  wanted INTEGER NOT NULL
);

CREATE TABLE draw_result (
  CONSTRAINT fk_draw_result_draw_id FOREIGN KEY(draw_id) REFERENCES draw (id),
  CONSTRAINT pk_draw_result PRIMARY KEY (draw_id, place),
  draw_id INTEGER NOT NULL,
  drawn INTEGER NOT NULL,
  place INTEGER NOT NULL
);

CREATE TABLE erasure_request (
  CONSTRAINT fk_erasure_request_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT pk_erasure_request PRIMARY KEY (id),
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  erased JSON NOT NULL,
  id INTEGER NOT NULL,
  kept JSON NOT NULL,
  person_id INTEGER NOT NULL
);

CREATE TABLE exemption (
  CONSTRAINT fk_exemption_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_exemption_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_exemption PRIMARY KEY (campaign_id, unit_id),
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  campaign_id INTEGER NOT NULL,
  reason VARCHAR(200) NOT NULL,
  unit_id INTEGER NOT NULL
);

CREATE TABLE flight (
  CONSTRAINT ck_flight_rank CHECK (rank IS NULL OR (flown AND rank > 0)),
  CONSTRAINT fk_flight_team_id FOREIGN KEY(team_id) REFERENCES team (id),
  CONSTRAINT pk_flight PRIMARY KEY (team_id),
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  flown BOOLEAN NOT NULL,
  rank INTEGER,
  team_id INTEGER NOT NULL
);

CREATE TABLE hand_act (
  CONSTRAINT ck_hand_act_act CHECK (act IN ('enter', 'take_out', 'correct')),
  CONSTRAINT fk_hand_act_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_hand_act PRIMARY KEY (id),
  act VARCHAR(10) NOT NULL,
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  id INTEGER NOT NULL,
  note VARCHAR(200),
  reason VARCHAR(20) NOT NULL,
  registration_id INTEGER NOT NULL
);

CREATE TABLE installation (
  CONSTRAINT ck_installation_one_row CHECK (id = 1),
  CONSTRAINT pk_installation PRIMARY KEY (id),
  id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  old_entries INTEGER,
  old_mac BLOB,
  old_seals INTEGER,
  uid VARCHAR(253)
);

CREATE TABLE installation_key (
  CONSTRAINT ck_installation_key_purpose CHECK (purpose IN ('session', 'forms', 'tickets', 'codes', 'seal', 'audit', 'all')),
  CONSTRAINT ck_installation_key_retired CHECK ((state = 'retired') = (retired_at IS NOT NULL)),
  CONSTRAINT ck_installation_key_state CHECK (state IN ('current', 'verifies', 'retired')),
  CONSTRAINT pk_installation_key PRIMARY KEY (fingerprint),
  current_at DATETIME,
  fingerprint VARCHAR(32) NOT NULL,
  made_at DATETIME NOT NULL,
  purpose VARCHAR(8) NOT NULL,
  replaced_at DATETIME,
  retired_at DATETIME,
  state VARCHAR(8) NOT NULL
);

CREATE INDEX ix_audit_entry_subject ON audit_entry (subject);

CREATE INDEX ix_browser_session_person_id ON browser_session (person_id);

CREATE INDEX ix_campaign_grant_person_id ON campaign_grant (person_id);

CREATE INDEX ix_campaign_person_person_id ON campaign_person (person_id);

CREATE INDEX ix_check_point_activity_id ON check_point (activity_id);

CREATE INDEX ix_code_count_asked_at ON code_count (asked_at);

CREATE INDEX ix_crossing_campaign_id ON crossing (campaign_id);

CREATE INDEX ix_date_change_campaign_id ON date_change (campaign_id);

CREATE INDEX ix_delegation_delegate_id ON delegation (delegate_id);

CREATE INDEX ix_delegation_head_id ON delegation (head_id);

CREATE INDEX ix_device_campaign_id ON device (campaign_id);

CREATE INDEX ix_document_campaign_id ON document (campaign_id);

CREATE INDEX ix_draw_campaign_id ON draw (campaign_id);

CREATE INDEX ix_erasure_request_person_id ON erasure_request (person_id);

CREATE INDEX ix_hand_act_registration_id ON hand_act (registration_id);

CREATE INDEX ix_let_in_campaign_id ON let_in (campaign_id);

CREATE INDEX ix_let_in_registration_id ON let_in (registration_id);

CREATE INDEX ix_letter_campaign_id ON letter (campaign_id);

CREATE INDEX ix_letter_due ON letter (state, lane, due_at, id);

CREATE INDEX ix_letter_person_id ON letter (person_id);

CREATE INDEX ix_letter_robot_id ON letter (robot_id);

CREATE INDEX ix_message_campaign_id ON message (campaign_id);

CREATE INDEX ix_nomination_consent_nomination_id ON nomination_consent (nomination_id);

CREATE INDEX ix_nomination_correction_nomination_id ON nomination_correction (nomination_id);

CREATE INDEX ix_nomination_decision_nomination_id ON nomination_decision (nomination_id);

CREATE INDEX ix_nomination_file_nomination_id ON nomination_file (nomination_id);

CREATE INDEX ix_nomination_file_owner_id ON nomination_file (owner_id);

CREATE INDEX ix_nomination_person_id ON nomination (person_id);

CREATE INDEX ix_nomination_signature_nomination_id ON nomination_signature (nomination_id);

CREATE INDEX ix_nomination_unit_id ON nomination (unit_id);

CREATE INDEX ix_person_unit_id ON person (unit_id);

CREATE INDEX ix_pool_campaign_id ON pool (campaign_id);

CREATE INDEX ix_printed_code_person_id ON printed_code (person_id);

CREATE INDEX ix_programme_item_campaign_id ON programme_item (campaign_id);

CREATE INDEX ix_programme_item_registration_id ON programme_item (registration_id);

CREATE INDEX ix_programme_item_team_id ON programme_item (team_id);

CREATE INDEX ix_purge_run_campaign_id ON purge_run (campaign_id);

CREATE INDEX ix_registration_confirm_by ON registration (campaign_id, confirm_by) WHERE confirm_by IS NOT NULL AND confirmed_at IS NULL;

CREATE INDEX ix_registration_person_id ON registration (person_id);

CREATE INDEX ix_registration_queue ON registration (campaign_id, state, arrival);

CREATE INDEX ix_reminder_rule_campaign_id ON reminder_rule (campaign_id);

CREATE INDEX ix_reminder_rule_due ON reminder_rule (progress, slot_at);

CREATE INDEX ix_robot_campaign_id ON robot (campaign_id);

CREATE INDEX ix_role_grant_person_id ON role_grant (person_id);

CREATE INDEX ix_scan_registration ON scan (registration_id, check_point);

CREATE INDEX ix_screen_campaign_id ON screen (campaign_id);

CREATE INDEX ix_sign_in_code_account ON sign_in_code (account, asked_at);

CREATE INDEX ix_sign_in_code_network ON sign_in_code (network, asked_at);

CREATE INDEX ix_structure_limit_campaign_id ON structure_limit (campaign_id);

CREATE INDEX ix_team_member_registration_id ON team_member (registration_id);

CREATE INDEX ix_team_member_team_id ON team_member (team_id);

CREATE INDEX ix_time_fix_registration_id ON time_fix (registration_id);

CREATE INDEX ix_walk_note_registration_id ON walk_note (registration_id);

CREATE TABLE judge_remark (
  CONSTRAINT fk_judge_remark_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_judge_remark_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_judge_remark_round_id FOREIGN KEY(round_id) REFERENCES award_round (id),
  CONSTRAINT pk_judge_remark PRIMARY KEY (round_id, person_id, nomination_id),
  nomination_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  round_id INTEGER NOT NULL,
  text TEXT NOT NULL
);

CREATE TABLE judged_nomination (
  CONSTRAINT fk_judged_nomination_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_judged_nomination_round_id FOREIGN KEY(round_id) REFERENCES award_round (id),
  CONSTRAINT pk_judged_nomination PRIMARY KEY (round_id, nomination_id),
  nomination_id INTEGER NOT NULL,
  points VARCHAR(60),
  rank INTEGER,
  round_id INTEGER NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE lapse_watch (
  CONSTRAINT ck_lapse_watch_one CHECK (id = 1),
  CONSTRAINT pk_lapse_watch PRIMARY KEY (id),
  gap_at DATETIME,
  id INTEGER NOT NULL,
  lost BOOLEAN NOT NULL,
  run_at DATETIME
);

CREATE TABLE lease (
  CONSTRAINT pk_lease PRIMARY KEY (name),
  name VARCHAR(40) NOT NULL,
  owner VARCHAR(60) NOT NULL,
  until DATETIME NOT NULL
);

CREATE TABLE let_in (
  CONSTRAINT ck_let_in_shown CHECK (shown IN ('green', 'amber', 'walk_in')),
  CONSTRAINT fk_let_in_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT fk_let_in_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_let_in_device_id FOREIGN KEY(device_id) REFERENCES device (id),
  CONSTRAINT fk_let_in_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_let_in PRIMARY KEY (device_id, nonce),
  activity_id INTEGER,
  answered VARCHAR(40) NOT NULL,
  at DATETIME NOT NULL,
  campaign_id INTEGER NOT NULL,
  check_point VARCHAR(20) NOT NULL,
  device_id INTEGER NOT NULL,
  nonce VARCHAR(64) NOT NULL,
  off_at DATETIME,
  off_by VARCHAR(40),
  off_reason VARCHAR(200),
  registration_id INTEGER,
  shown VARCHAR(10) NOT NULL,
  staff_no VARCHAR(40)
);

CREATE TABLE letter (
  CONSTRAINT ck_letter_bounced CHECK (bounced_at IS NULL OR state = 'sent'),
  CONSTRAINT ck_letter_channel CHECK (channel IN ('mail', 'robot')),
  CONSTRAINT ck_letter_in_file CHECK (NOT in_file OR state = 'sent'),
  CONSTRAINT ck_letter_lane CHECK (lane IN (0, 1, 2)),
  CONSTRAINT ck_letter_robot CHECK ((robot_id IS NULL) = (channel = 'mail')),
  CONSTRAINT ck_letter_state CHECK (state IN ('queued', 'claimed', 'sent', 'failed', 'expired', 'withheld')),
  CONSTRAINT fk_letter_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_letter_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_letter_robot_id FOREIGN KEY(robot_id) REFERENCES robot (id),
  CONSTRAINT pk_letter PRIMARY KEY (id),
  CONSTRAINT uq_letter_key UNIQUE (key),
  CONSTRAINT uq_letter_message_id UNIQUE (message_id),
  address VARCHAR(254),
  attempts INTEGER NOT NULL,
  bounced_at DATETIME,
  bounced_by VARCHAR(40),
  campaign_id INTEGER,
  channel VARCHAR(12) NOT NULL,
  claimed_by VARCHAR(60),
  claimed_until DATETIME,
  due_at DATETIME NOT NULL,
  expires_at DATETIME,
  facts JSON NOT NULL,
  id INTEGER NOT NULL,
  in_file BOOLEAN NOT NULL,
  key VARCHAR(120) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  lane INTEGER NOT NULL,
  locale VARCHAR(10) NOT NULL,
  message_id VARCHAR(80) NOT NULL,
  person_id INTEGER,
  posted_at DATETIME NOT NULL,
  robot_id INTEGER,
  sealed BLOB,
  sent_at DATETIME,
  state VARCHAR(12) NOT NULL,
  trouble TEXT
);

CREATE TABLE mass_start (
  CONSTRAINT fk_mass_start_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT pk_mass_start PRIMARY KEY (activity_id, no),
  activity_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  no INTEGER NOT NULL,
  undone_at DATETIME
);

CREATE TABLE message (
  CONSTRAINT ck_message_audience CHECK (audience IN ('seated', 'waiting', 'unit', 'answer', 'contacts', 'nominees', 'candidates')),
  CONSTRAINT ck_message_question CHECK ((question IS NOT NULL) = (audience = 'answer')),
  CONSTRAINT ck_message_unit CHECK ((unit_id IS NOT NULL) = (audience = 'unit')),
  CONSTRAINT fk_message_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_message_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_message PRIMARY KEY (id),
  answer VARCHAR(120),
  audience VARCHAR(12) NOT NULL,
  campaign_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  lines JSON NOT NULL,
  people INTEGER NOT NULL,
  question VARCHAR(40),
  sent_at DATETIME NOT NULL,
  sent_by VARCHAR(40) NOT NULL,
  subject VARCHAR(120) NOT NULL,
  unit_id INTEGER,
  without_mailbox INTEGER NOT NULL
);

CREATE TABLE nomination (
  CONSTRAINT ck_nomination_passed_on CHECK (proposed OR passed_on_at IS NULL),
  CONSTRAINT ck_nomination_proposed CHECK (NOT proposed OR passed_on_at IS NOT NULL OR state NOT IN ('submitted', 'returned', 'candidate', 'ineligible')),
  CONSTRAINT ck_nomination_state CHECK (state IN ('draft', 'withdrawn') OR state IN ('submitted', 'returned', 'candidate', 'ineligible')),
  CONSTRAINT ck_nomination_submitted CHECK ((state IN ('submitted', 'returned', 'candidate', 'ineligible')) = (submitted_at IS NOT NULL AND submitted_by IS NOT NULL AND handed_in IS NOT NULL AND zishu IS NOT NULL AND han IS NOT NULL AND characters IS NOT NULL AND rule IS NOT NULL AND digest IS NOT NULL)),
  CONSTRAINT fk_nomination_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_nomination_made_by FOREIGN KEY(made_by) REFERENCES person (id),
  CONSTRAINT fk_nomination_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_nomination_submitted_by FOREIGN KEY(submitted_by) REFERENCES person (id),
  CONSTRAINT fk_nomination_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_nomination PRIMARY KEY (id),
  campaign_id INTEGER NOT NULL,
  characters INTEGER,
  digest VARCHAR(64),
  due_at DATETIME,
  han INTEGER,
  handed_in INTEGER,
  id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  made_by INTEGER NOT NULL,
  passed_on_at DATETIME,
  person_id INTEGER NOT NULL,
  preference INTEGER NOT NULL,
  proposed BOOLEAN NOT NULL,
  rule VARCHAR(12),
  state VARCHAR(12) NOT NULL,
  submitted_at DATETIME,
  submitted_by INTEGER,
  unit_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  zishu INTEGER
);

CREATE TABLE nomination_consent (
  CONSTRAINT ck_nomination_consent_answered CHECK ((given_at IS NULL) <> (declined_at IS NULL)),
  CONSTRAINT ck_nomination_consent_purpose CHECK (purpose IN ('judges', 'notice', 'sensitive')),
  CONSTRAINT ck_nomination_consent_withdrawn CHECK (withdrawn_at IS NULL OR given_at IS NOT NULL),
  CONSTRAINT fk_nomination_consent_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT pk_nomination_consent PRIMARY KEY (id),
  declined_at DATETIME,
  digest VARCHAR(64) NOT NULL,
  given_at DATETIME,
  id INTEGER NOT NULL,
  nomination_id INTEGER NOT NULL,
  notice_version VARCHAR(40) NOT NULL,
  overtaken_at DATETIME,
  purpose VARCHAR(12) NOT NULL,
  version INTEGER NOT NULL,
  withdrawn_at DATETIME
);

CREATE TABLE nomination_correction (
  CONSTRAINT fk_nomination_correction_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT pk_nomination_correction PRIMARY KEY (id),
  id INTEGER NOT NULL,
  nomination_id INTEGER NOT NULL,
  sent_at DATETIME NOT NULL,
  text TEXT NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE nomination_decision (
  CONSTRAINT ck_nomination_decision_reason CHECK (verdict IN ('candidate', 'reopened') OR reason <> ''),
  CONSTRAINT ck_nomination_decision_verdict CHECK (verdict IN ('returned', 'candidate', 'ineligible', 'reopened')),
  CONSTRAINT fk_nomination_decision_decided_by FOREIGN KEY(decided_by) REFERENCES person (id),
  CONSTRAINT fk_nomination_decision_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT pk_nomination_decision PRIMARY KEY (id),
  as_head BOOLEAN NOT NULL,
  checked JSON NOT NULL,
  decided_at DATETIME NOT NULL,
  decided_by INTEGER NOT NULL,
  due_at DATETIME,
  id INTEGER NOT NULL,
  nomination_id INTEGER NOT NULL,
  reason VARCHAR(500) NOT NULL,
  verdict VARCHAR(12) NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE nomination_file (
  CONSTRAINT ck_nomination_file_kind CHECK (kind IN ('docx', 'pdf', 'jpg', 'png')),
  CONSTRAINT ck_nomination_file_part CHECK (part IN ('deeds', 'minutes', 'evidence')),
  CONSTRAINT ck_nomination_file_size CHECK (size > 0),
  CONSTRAINT ck_nomination_file_state CHECK (state IN ('waiting', 'read', 'unread')),
  CONSTRAINT ck_nomination_file_unread CHECK (state = 'read' OR (text IS NULL AND NOT copied)),
  CONSTRAINT fk_nomination_file_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_nomination_file_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
  CONSTRAINT pk_nomination_file PRIMARY KEY (id),
  began_at DATETIME NOT NULL,
  copied BOOLEAN NOT NULL,
  id VARCHAR(32) NOT NULL,
  kept_at DATETIME NOT NULL,
  kind VARCHAR(8) NOT NULL,
  name VARCHAR(200) NOT NULL,
  nomination_id INTEGER NOT NULL,
  owner_id INTEGER NOT NULL,
  pages INTEGER,
  part VARCHAR(8) NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  size INTEGER NOT NULL,
  state VARCHAR(8) NOT NULL,
  text BLOB,
  zishu INTEGER
);

CREATE TABLE nomination_index (
  CONSTRAINT fk_nomination_index_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT pk_nomination_index PRIMARY KEY (nomination_id),
  body TEXT NOT NULL,
  nomination_id INTEGER NOT NULL,
  prints BLOB NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE nomination_signature (
  CONSTRAINT fk_nomination_signature_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_nomination_signature_on_behalf_of FOREIGN KEY(on_behalf_of) REFERENCES person (id),
  CONSTRAINT fk_nomination_signature_signed_by FOREIGN KEY(signed_by) REFERENCES person (id),
  CONSTRAINT pk_nomination_signature PRIMARY KEY (id),
  digest VARCHAR(64) NOT NULL,
  id INTEGER NOT NULL,
  nomination_id INTEGER NOT NULL,
  on_behalf_of INTEGER,
  signed_at DATETIME NOT NULL,
  signed_by INTEGER NOT NULL,
  version INTEGER NOT NULL,
  voided_at DATETIME
);

CREATE TABLE nomination_version (
  CONSTRAINT fk_nomination_version_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_nomination_version_saved_by FOREIGN KEY(saved_by) REFERENCES person (id),
  CONSTRAINT pk_nomination_version PRIMARY KEY (id),
  CONSTRAINT uq_nomination_version_nomination_id_number UNIQUE (nomination_id, number),
  answers JSON NOT NULL,
  deeds TEXT NOT NULL,
  id INTEGER NOT NULL,
  nomination_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  saved_at DATETIME NOT NULL,
  saved_by INTEGER NOT NULL,
  tab VARCHAR(24) NOT NULL,
  ticked JSON NOT NULL
);

CREATE TABLE one_of_claim (
  CONSTRAINT fk_one_of_claim_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_one_of_claim_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT fk_one_of_claim_season_id FOREIGN KEY(season_id) REFERENCES season (id),
  CONSTRAINT pk_one_of_claim PRIMARY KEY (season_id, one_of, person_id),
  CONSTRAINT uq_one_of_claim_registration_id UNIQUE (registration_id),
  one_of VARCHAR(40) NOT NULL,
  person_id INTEGER NOT NULL,
  registration_id INTEGER NOT NULL,
  season_id INTEGER NOT NULL
);

CREATE TABLE opinion (
  CONSTRAINT ck_opinion_answer CHECK (answer IN ('none', 'objection')),
  CONSTRAINT ck_opinion_office CHECK (office IN ('discipline', 'personnel', 'safety')),
  CONSTRAINT fk_opinion_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT pk_opinion PRIMARY KEY (nomination_id, office),
  answer VARCHAR(12) NOT NULL,
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  nomination_id INTEGER NOT NULL,
  note VARCHAR(500) NOT NULL,
  office VARCHAR(12) NOT NULL
);

CREATE TABLE pairing (
  CONSTRAINT fk_pairing_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_pairing_made_by FOREIGN KEY(made_by) REFERENCES person (id),
  CONSTRAINT pk_pairing PRIMARY KEY (id),
  CONSTRAINT uq_pairing_code_hash UNIQUE (code_hash),
  campaign_id INTEGER NOT NULL,
  check_point VARCHAR(20) NOT NULL,
  code_hash BLOB NOT NULL,
  expires_at DATETIME NOT NULL,
  id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  made_by INTEGER NOT NULL,
  name VARCHAR(40) NOT NULL,
  used_at DATETIME
);

CREATE TABLE panel_member (
  CONSTRAINT ck_panel_member_part CHECK (part IN ('judge', 'chair', 'secretary', 'substitute')),
  CONSTRAINT fk_panel_member_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_panel_member_round_id FOREIGN KEY(round_id) REFERENCES award_round (id),
  CONSTRAINT pk_panel_member PRIMARY KEY (round_id, person_id),
  locked_at DATETIME,
  part VARCHAR(10) NOT NULL,
  person_id INTEGER NOT NULL,
  pledged_at DATETIME,
  round_id INTEGER NOT NULL,
  since DATETIME NOT NULL,
  until DATETIME,
  why_left VARCHAR(200) DEFAULT '' NOT NULL
);

CREATE TABLE paper_receipt (
  CONSTRAINT ck_paper_receipt_copies CHECK (copies BETWEEN 1 AND 9),
  CONSTRAINT ck_paper_receipt_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (reason IS NULL)),
  CONSTRAINT fk_paper_receipt_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_paper_receipt_received_by FOREIGN KEY(received_by) REFERENCES person (id),
  CONSTRAINT fk_paper_receipt_undone_by FOREIGN KEY(undone_by) REFERENCES person (id),
  CONSTRAINT pk_paper_receipt PRIMARY KEY (id),
  copies INTEGER NOT NULL,
  id INTEGER NOT NULL,
  nomination_id INTEGER NOT NULL,
  reason VARCHAR(200),
  received_at DATETIME NOT NULL,
  received_by INTEGER NOT NULL,
  remark VARCHAR(200) NOT NULL,
  undone_at DATETIME,
  undone_by INTEGER,
  version INTEGER NOT NULL
);

CREATE TABLE person (
  CONSTRAINT ck_person_gender CHECK (gender IN ('female', 'male')),
  CONSTRAINT ck_person_named CHECK (staff_no <> '' AND name <> ''),
  CONSTRAINT fk_person_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_person PRIMARY KEY (id),
  CONSTRAINT uq_person_email UNIQUE (email),
  CONSTRAINT uq_person_staff_no UNIQUE (staff_no),
  email VARCHAR(254),
  gender VARCHAR(10) NOT NULL,
  id INTEGER NOT NULL,
  left_at DATETIME,
  locale VARCHAR(10),
  name VARCHAR(64) NOT NULL,
  phone VARCHAR(20),
  staff_no VARCHAR(32) NOT NULL,
  unit_id INTEGER NOT NULL
);

CREATE TABLE pool (
  CONSTRAINT ck_pool_added CHECK (added >= 0),
  CONSTRAINT ck_pool_counters CHECK (taken >= 0 AND capacity >= 0),
  CONSTRAINT ck_pool_gender CHECK ((gender IS NOT NULL) = (scope = 'gender')),
  CONSTRAINT ck_pool_lifted CHECK (lifted_at IS NULL OR ends_at IS NOT NULL),
  CONSTRAINT ck_pool_option CHECK ((question_key IS NOT NULL) = (scope = 'option') AND (option IS NOT NULL) = (scope = 'option')),
  CONSTRAINT ck_pool_scope CHECK (scope IN ('total', 'unit', 'gender', 'option', 'rest')),
  CONSTRAINT ck_pool_unit CHECK ((unit_id IS NOT NULL) = (scope = 'unit')),
  CONSTRAINT fk_pool_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_pool_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_pool PRIMARY KEY (id),
  added INTEGER NOT NULL,
  campaign_id INTEGER NOT NULL,
  capacity INTEGER NOT NULL,
  ends_at DATETIME,
  gender VARCHAR(10),
  id INTEGER NOT NULL,
  lifted_at DATETIME,
  option VARCHAR(20),
  question_key VARCHAR(40),
  reason VARCHAR(200),
  scope VARCHAR(10) NOT NULL,
  taken INTEGER NOT NULL,
  unit_id INTEGER
);

CREATE TABLE postbox (
  CONSTRAINT ck_postbox_one CHECK (id = 1),
  CONSTRAINT ck_postbox_why CHECK (why IN ('trouble', 'wrong', 'restored', 'other')),
  CONSTRAINT pk_postbox PRIMARY KEY (id),
  id INTEGER NOT NULL,
  next_at DATETIME,
  paused_at DATETIME,
  paused_by VARCHAR(40),
  why VARCHAR(12)
);

CREATE TABLE printed_code (
  CONSTRAINT fk_printed_code_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_printed_code_printed_by FOREIGN KEY(printed_by) REFERENCES person (id),
  CONSTRAINT pk_printed_code PRIMARY KEY (id),
  CONSTRAINT uq_printed_code_code_hash UNIQUE (code_hash),
  code_hash BLOB NOT NULL,
  expires_at DATETIME NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  printed_at DATETIME NOT NULL,
  printed_by INTEGER NOT NULL,
  used_at DATETIME
);

CREATE TABLE privacy_notice (
  CONSTRAINT pk_privacy_notice PRIMARY KEY (id),
  CONSTRAINT uq_privacy_notice_version UNIQUE (version),
  covers JSON NOT NULL,
  id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  paragraphs JSON NOT NULL,
  version VARCHAR(40) NOT NULL
);

CREATE TABLE programme_item (
  CONSTRAINT ck_programme_item_kind CHECK (kind IN ('forfeit', 'agenda', 'award', 'speech')),
  CONSTRAINT ck_programme_item_one CHECK ((CASE WHEN registration_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN team_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN nomination_id IS NULL THEN 0 ELSE 1 END) <= 1),
  CONSTRAINT ck_programme_item_state CHECK (state IN ('due', 'done', 'excused')),
  CONSTRAINT fk_programme_item_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT fk_programme_item_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_programme_item_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_programme_item_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT fk_programme_item_team_id FOREIGN KEY(team_id) REFERENCES team (id),
  CONSTRAINT pk_programme_item PRIMARY KEY (id),
  activity_id INTEGER,
  campaign_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  kind VARCHAR(10) NOT NULL,
  minutes INTEGER,
  nomination_id INTEGER,
  position INTEGER NOT NULL,
  reason VARCHAR(200),
  registration_id INTEGER,
  state VARCHAR(10) NOT NULL,
  team_id INTEGER,
  title VARCHAR(80) NOT NULL
);

CREATE TABLE purge_run (
  CONSTRAINT ck_purge_run_due CHECK (due IN ('retain', 'archive')),
  CONSTRAINT fk_purge_run_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_purge_run PRIMARY KEY (id),
  at DATETIME NOT NULL,
  campaign_id INTEGER NOT NULL,
  counts JSON NOT NULL,
  due VARCHAR(8) NOT NULL,
  id INTEGER NOT NULL
);

CREATE TABLE question (
  CONSTRAINT ck_question_kind CHECK (kind IN ('phone', 'text', 'paragraph', 'number', 'date', 'choice', 'choices', 'yes')),
  CONSTRAINT fk_question_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_question PRIMARY KEY (id),
  CONSTRAINT uq_question_campaign_id_key_version UNIQUE (campaign_id, key, version),
  campaign_id INTEGER NOT NULL,
  hint VARCHAR(160) NOT NULL,
  id INTEGER NOT NULL,
  key VARCHAR(40) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  label VARCHAR(80) NOT NULL,
  least INTEGER,
  most INTEGER,
  options JSON NOT NULL,
  position INTEGER NOT NULL,
  purpose VARCHAR(160) NOT NULL,
  required BOOLEAN NOT NULL,
  retired_at DATETIME,
  version INTEGER NOT NULL
);

CREATE TABLE quota (
  CONSTRAINT ck_quota_figures CHECK (basis >= 0 AND places >= 0),
  CONSTRAINT ck_quota_filled CHECK (filled >= 0 AND filled <= places),
  CONSTRAINT fk_quota_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
  CONSTRAINT fk_quota_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_quota PRIMARY KEY (campaign_id, unit_id),
  basis INTEGER NOT NULL,
  campaign_id INTEGER NOT NULL,
  extended_until DATETIME,
  filled INTEGER NOT NULL,
  places INTEGER NOT NULL,
  reason VARCHAR(200),
  unit_id INTEGER NOT NULL
);

CREATE TABLE recusal (
  CONSTRAINT ck_recusal_ground CHECK (ground IN ('own', 'department', 'made', 'signed', 'declared', 'set')),
  CONSTRAINT fk_recusal_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_recusal_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_recusal_round_id FOREIGN KEY(round_id) REFERENCES award_round (id),
  CONSTRAINT pk_recusal PRIMARY KEY (round_id, person_id, nomination_id),
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  ground VARCHAR(12) NOT NULL,
  nomination_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  reason VARCHAR(200) DEFAULT '' NOT NULL,
  round_id INTEGER NOT NULL
);

CREATE TABLE registration (
  CONSTRAINT ck_registration_asked CHECK ((confirm_by IS NULL) = (confirm_for IS NULL) AND (confirm_by IS NULL) = (asked_at IS NULL)),
  CONSTRAINT ck_registration_confirm_for CHECK (confirm_for IN ('move', 'offer')),
  CONSTRAINT ck_registration_ended CHECK ((ended_why IS NOT NULL) = (state = 'withdrawn')),
  CONSTRAINT ck_registration_ended_why CHECK (ended_why IN ('herself', 'organiser', 'left', 'silent')),
  CONSTRAINT ck_registration_source CHECK (source IN ('web', 'api', 'organiser', 'contact', 'door')),
  CONSTRAINT ck_registration_state CHECK (state IN ('seated', 'waiting', 'withdrawn')),
  CONSTRAINT fk_registration_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_registration_notice_id FOREIGN KEY(notice_id) REFERENCES privacy_notice (id),
  CONSTRAINT fk_registration_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT pk_registration PRIMARY KEY (id),
  CONSTRAINT uq_registration_campaign_id_arrival UNIQUE (campaign_id, arrival),
  arrival INTEGER NOT NULL,
  asked_at DATETIME,
  campaign_id INTEGER NOT NULL,
  confirm_by DATETIME,
  confirm_for VARCHAR(10),
  confirmed_at DATETIME,
  consented_at DATETIME,
  ended_why VARCHAR(10),
  id INTEGER NOT NULL,
  notice_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  promoted_at DATETIME,
  received_at DATETIME,
  registered_at DATETIME NOT NULL,
  source VARCHAR(10) NOT NULL,
  state VARCHAR(12) NOT NULL,
  withdrawn_at DATETIME
);

CREATE TABLE reminder_rule (
  CONSTRAINT ck_reminder_rule_activity CHECK (activity_id IS NULL OR anchor IN ('start', 'end')),
  CONSTRAINT ck_reminder_rule_anchor CHECK (anchor IN ('opening', 'deadline', 'start', 'end')),
  CONSTRAINT ck_reminder_rule_at CHECK ((at_minute IS NOT NULL) = (measure = 'days')),
  CONSTRAINT ck_reminder_rule_counters CHECK (amount >= 0 AND upto >= 0 AND told >= 0),
  CONSTRAINT ck_reminder_rule_measure CHECK (measure IN ('days', 'hours', 'minutes')),
  CONSTRAINT ck_reminder_rule_progress CHECK (progress IN ('unset', 'planned', 'made', 'passed')),
  CONSTRAINT ck_reminder_rule_side CHECK (side IN ('before', 'after')),
  CONSTRAINT ck_reminder_rule_slot CHECK ((slot_at IS NULL) = (progress = 'unset')),
  CONSTRAINT fk_reminder_rule_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id) ON DELETE CASCADE,
  CONSTRAINT fk_reminder_rule_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
  CONSTRAINT fk_reminder_rule_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_reminder_rule PRIMARY KEY (id),
  activity_id INTEGER,
  amount INTEGER NOT NULL,
  anchor VARCHAR(10) NOT NULL,
  at_minute INTEGER,
  audience VARCHAR(24) NOT NULL,
  campaign_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  is_on BOOLEAN NOT NULL,
  made_at DATETIME NOT NULL,
  made_by VARCHAR(40) NOT NULL,
  measure VARCHAR(10) NOT NULL,
  progress VARCHAR(10) NOT NULL,
  side VARCHAR(10) NOT NULL,
  slot_at DATETIME,
  told INTEGER NOT NULL,
  unit_id INTEGER,
  upto INTEGER NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE request_key (
  CONSTRAINT ck_request_key_result_id CHECK ((result_kind = 'scans') = (result_id IS NULL)),
  CONSTRAINT ck_request_key_result_kind CHECK (result_kind IN ('registration', 'campaign', 'message', 'scans')),
  CONSTRAINT pk_request_key PRIMARY KEY (scope, key),
  body_hash BLOB NOT NULL,
  key VARCHAR(64) NOT NULL,
  made_at DATETIME NOT NULL,
  result_id INTEGER,
  result_kind VARCHAR(12) NOT NULL,
  scope VARCHAR(80) NOT NULL,
  status INTEGER NOT NULL
);

CREATE TABLE robot (
  CONSTRAINT ck_robot_gone CHECK ((address IS NULL) = (gone_at IS NOT NULL)),
  CONSTRAINT ck_robot_on CHECK (NOT is_on OR gone_at IS NULL),
  CONSTRAINT ck_robot_service CHECK (service IN ('wecom', 'dingtalk', 'feishu')),
  CONSTRAINT fk_robot_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_robot PRIMARY KEY (id),
  CONSTRAINT uq_robot_campaign_id_mark UNIQUE (campaign_id, mark),
  address BLOB,
  campaign_id INTEGER,
  gone_at DATETIME,
  host VARCHAR(253) NOT NULL,
  id INTEGER NOT NULL,
  is_on BOOLEAN NOT NULL,
  made_at DATETIME NOT NULL,
  made_by VARCHAR(40) NOT NULL,
  mark BLOB,
  name VARCHAR(40) NOT NULL,
  news JSON NOT NULL,
  next_at DATETIME,
  places_told VARCHAR(10),
  secret BLOB,
  service VARCHAR(10) NOT NULL,
  tail VARCHAR(4) NOT NULL
);

CREATE TABLE role_grant (
  CONSTRAINT ck_role_grant_period CHECK (until IS NULL OR until > since),
  CONSTRAINT ck_role_grant_role CHECK (role IN ('unit_contact', 'department_head', 'organiser', 'hr_reviewer', 'administrator')),
  CONSTRAINT ck_role_grant_scope CHECK ((unit_id IS NOT NULL) = (role IN ('unit_contact', 'department_head'))),
  CONSTRAINT fk_role_grant_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_role_grant_unit_id FOREIGN KEY(unit_id) REFERENCES unit (id),
  CONSTRAINT pk_role_grant PRIMARY KEY (id),
  granted_by VARCHAR(40) NOT NULL,
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  role VARCHAR(20) NOT NULL,
  since DATETIME NOT NULL,
  unit_id INTEGER,
  until DATETIME
);

CREATE TABLE roster_upload (
  CONSTRAINT ck_roster_upload_rows CHECK ((rows IS NULL) = (applied_at IS NOT NULL)),
  CONSTRAINT fk_roster_upload_owner_id FOREIGN KEY(owner_id) REFERENCES person (id),
  CONSTRAINT pk_roster_upload PRIMARY KEY (id),
  applied_at DATETIME,
  expires_at DATETIME NOT NULL,
  id VARCHAR(24) NOT NULL,
  ignored JSON NOT NULL,
  leavers BOOLEAN NOT NULL,
  made_at DATETIME NOT NULL,
  name VARCHAR(120) NOT NULL,
  owner_id INTEGER NOT NULL,
  report JSON NOT NULL,
  rows BLOB
);

CREATE TABLE scan (
  CONSTRAINT ck_scan_verdict CHECK (verdict IN ('admitted', 'repeated', 'refused')),
  CONSTRAINT fk_scan_device_id FOREIGN KEY(device_id) REFERENCES device (id),
  CONSTRAINT fk_scan_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_scan PRIMARY KEY (id),
  CONSTRAINT uq_scan_device_id_nonce UNIQUE (device_id, nonce),
  at DATETIME NOT NULL,
  check_point VARCHAR(20) NOT NULL,
  device_at DATETIME,
  device_id INTEGER NOT NULL,
  doubt BOOLEAN NOT NULL,
  first_at DATETIME,
  id INTEGER NOT NULL,
  nonce VARCHAR(64) NOT NULL,
  reason VARCHAR(40),
  received_at DATETIME NOT NULL,
  registration_id INTEGER,
  scanned_at DATETIME NOT NULL,
  sent_at DATETIME,
  shown VARCHAR(10),
  token_hash BLOB NOT NULL,
  verdict VARCHAR(10) NOT NULL
);

CREATE TABLE score (
  CONSTRAINT ck_score_value CHECK (value >= 0),
  CONSTRAINT fk_score_criterion_id FOREIGN KEY(criterion_id) REFERENCES criterion (id),
  CONSTRAINT fk_score_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT fk_score_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_score_round_id FOREIGN KEY(round_id) REFERENCES award_round (id),
  CONSTRAINT pk_score PRIMARY KEY (round_id, person_id, nomination_id, criterion_id),
  at DATETIME NOT NULL,
  criterion_id INTEGER NOT NULL,
  nomination_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  round_id INTEGER NOT NULL,
  value INTEGER NOT NULL
);

CREATE TABLE screen (
  CONSTRAINT ck_screen_names CHECK (names IN ('full', 'masked')),
  CONSTRAINT fk_screen_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT fk_screen_device_id FOREIGN KEY(device_id) REFERENCES device (id),
  CONSTRAINT pk_screen PRIMARY KEY (id),
  CONSTRAINT uq_screen_token_hash UNIQUE (token_hash),
  campaign_id INTEGER NOT NULL,
  device_id INTEGER,
  id INTEGER NOT NULL,
  name VARCHAR(40) NOT NULL,
  names VARCHAR(10) NOT NULL,
  revoked_at DATETIME,
  token_hash BLOB NOT NULL,
  until DATETIME NOT NULL,
  widgets JSON NOT NULL
);

CREATE TABLE season (
  CONSTRAINT pk_season PRIMARY KEY (id),
  CONSTRAINT uq_season_slug UNIQUE (slug),
  brand VARCHAR(40) NOT NULL,
  day DATE NOT NULL,
  headline VARCHAR(80) NOT NULL,
  id INTEGER NOT NULL,
  lead VARCHAR(200) NOT NULL,
  owner VARCHAR(80) NOT NULL,
  phone VARCHAR(40),
  slug VARCHAR(60) NOT NULL,
  title VARCHAR(80) NOT NULL,
  version INTEGER NOT NULL
);

CREATE TABLE sign_in_code (
  CONSTRAINT ck_sign_in_code_tries CHECK (tries_left >= 0),
  CONSTRAINT fk_sign_in_code_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT pk_sign_in_code PRIMARY KEY (id),
  CONSTRAINT uq_sign_in_code_browser_hash UNIQUE (browser_hash),
  account BLOB NOT NULL,
  asked_at DATETIME NOT NULL,
  browser_hash BLOB NOT NULL,
  code_hash BLOB NOT NULL,
  expires_at DATETIME NOT NULL,
  id INTEGER NOT NULL,
  network BLOB NOT NULL,
  person_id INTEGER,
  purpose VARCHAR(80) DEFAULT 'sign_in' NOT NULL,
  tries_left INTEGER NOT NULL,
  used_at DATETIME
);

CREATE TABLE sign_in_link (
  CONSTRAINT fk_sign_in_link_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT pk_sign_in_link PRIMARY KEY (id),
  CONSTRAINT uq_sign_in_link_token_hash UNIQUE (token_hash),
  expires_at DATETIME NOT NULL,
  id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  person_id INTEGER,
  token_hash BLOB NOT NULL,
  used_at DATETIME
);

CREATE TABLE sqlite_sequence(
  name,
  seq
);

CREATE TABLE stage (
  CONSTRAINT ck_stage_code CHECK (code IN ('screen', 'judge', 'notice', 'approve', 'ceremony')),
  CONSTRAINT ck_stage_days CHECK (ends_on >= starts_on),
  CONSTRAINT fk_stage_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_stage PRIMARY KEY (campaign_id, code),
  campaign_id INTEGER NOT NULL,
  code VARCHAR(12) NOT NULL,
  ends_on DATE NOT NULL,
  starts_on DATE NOT NULL
);

CREATE TABLE structure_limit (
  CONSTRAINT ck_structure_limit_about CHECK (about IN ('unit', 'age', 'post')),
  CONSTRAINT ck_structure_limit_percent CHECK (percent BETWEEN 1 AND 99),
  CONSTRAINT ck_structure_limit_value CHECK (value <> ''),
  CONSTRAINT fk_structure_limit_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE,
  CONSTRAINT pk_structure_limit PRIMARY KEY (id),
  about VARCHAR(8) NOT NULL,
  campaign_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  most BOOLEAN NOT NULL,
  percent INTEGER NOT NULL,
  value VARCHAR(60) NOT NULL
);

CREATE TABLE submission (
  CONSTRAINT fk_submission_nomination_id FOREIGN KEY(nomination_id) REFERENCES nomination (id),
  CONSTRAINT pk_submission PRIMARY KEY (nomination_id, version),
  digest VARCHAR(64) NOT NULL,
  nomination_id INTEGER NOT NULL,
  sensitive BOOLEAN DEFAULT 0 NOT NULL,
  submitted_at DATETIME NOT NULL,
  terms JSON,
  version INTEGER NOT NULL
);

CREATE TABLE taking (
  CONSTRAINT fk_taking_pool_id FOREIGN KEY(pool_id) REFERENCES pool (id),
  CONSTRAINT fk_taking_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_taking PRIMARY KEY (registration_id, pool_id),
  pool_id INTEGER NOT NULL,
  registration_id INTEGER NOT NULL
);

CREATE TABLE team (
  CONSTRAINT ck_team_formed CHECK (formed IN ('wish', 'mixed', 'draw', 'hand')),
  CONSTRAINT fk_team_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT pk_team PRIMARY KEY (id),
  CONSTRAINT uq_team_activity_id_number UNIQUE (activity_id, number),
  activity_id INTEGER NOT NULL,
  formed VARCHAR(10) NOT NULL,
  id INTEGER NOT NULL,
  locked_at DATETIME,
  name VARCHAR(40) NOT NULL,
  number INTEGER NOT NULL
);

CREATE TABLE team_member (
  CONSTRAINT fk_team_member_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT fk_team_member_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT fk_team_member_team_id FOREIGN KEY(team_id) REFERENCES team (id),
  CONSTRAINT pk_team_member PRIMARY KEY (activity_id, registration_id),
  activity_id INTEGER NOT NULL,
  registration_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL
);

CREATE TABLE ticket (
  CONSTRAINT fk_ticket_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_ticket PRIMARY KEY (id),
  CONSTRAINT uq_ticket_code_hash UNIQUE (code_hash),
  CONSTRAINT uq_ticket_registration_id_serial UNIQUE (registration_id, serial),
  CONSTRAINT uq_ticket_token_hash UNIQUE (token_hash),
  code_hash BLOB,
  id INTEGER NOT NULL,
  issued_at DATETIME NOT NULL,
  registration_id INTEGER NOT NULL,
  revoked_at DATETIME,
  serial INTEGER NOT NULL,
  token_hash BLOB NOT NULL
);

CREATE TABLE time_fix (
  CONSTRAINT fk_time_fix_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_time_fix PRIMARY KEY (id),
  at DATETIME,
  by VARCHAR(40) NOT NULL,
  check_point VARCHAR(20) NOT NULL,
  id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  reason VARCHAR(200) NOT NULL,
  registration_id INTEGER NOT NULL,
  undone_at DATETIME
);

CREATE TABLE unit (
  CONSTRAINT ck_unit_kind CHECK (kind IN ('company', 'department', 'second_level', 'team')),
  CONSTRAINT ck_unit_root CHECK ((kind = 'company') = (parent_id IS NULL)),
  CONSTRAINT fk_unit_parent_id FOREIGN KEY(parent_id) REFERENCES unit (id),
  CONSTRAINT pk_unit PRIMARY KEY (id),
  CONSTRAINT uq_unit_parent_id_name UNIQUE (parent_id, name),
  id INTEGER NOT NULL,
  kind VARCHAR(20) NOT NULL,
  name VARCHAR(80) NOT NULL,
  parent_id INTEGER
);

CREATE UNIQUE INDEX uq_api_token_name ON api_token (name) WHERE revoked_at IS NULL;

CREATE UNIQUE INDEX uq_installation_key_current ON installation_key (purpose) WHERE state = 'current';

CREATE UNIQUE INDEX uq_nomination_live ON nomination (campaign_id, person_id) WHERE state <> 'withdrawn' AND (NOT proposed OR passed_on_at IS NOT NULL);

CREATE UNIQUE INDEX uq_nomination_proposed ON nomination (campaign_id, person_id, made_by) WHERE state <> 'withdrawn' AND proposed AND passed_on_at IS NULL;

CREATE UNIQUE INDEX uq_nomination_signature_live ON nomination_signature (nomination_id) WHERE voided_at IS NULL;

CREATE UNIQUE INDEX uq_paper_receipt_standing ON paper_receipt (nomination_id, version) WHERE undone_at IS NULL;

CREATE UNIQUE INDEX uq_pool_bound ON pool (campaign_id, scope, coalesce(unit_id, 0), coalesce(gender, ''), coalesce(question_key, ''), coalesce(option, ''));

CREATE UNIQUE INDEX uq_registration_live ON registration (campaign_id, person_id) WHERE state IN ('seated', 'waiting');

CREATE UNIQUE INDEX uq_unit_root ON unit (kind) WHERE kind = 'company';

CREATE TABLE walk_in_request (
  CONSTRAINT fk_walk_in_request_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT fk_walk_in_request_device_id FOREIGN KEY(device_id) REFERENCES device (id),
  CONSTRAINT pk_walk_in_request PRIMARY KEY (device_id, nonce),
  activity_id INTEGER,
  answer VARCHAR(40),
  at DATETIME NOT NULL,
  device_id INTEGER NOT NULL,
  nonce VARCHAR(64) NOT NULL,
  shown VARCHAR(10) NOT NULL,
  staff_no VARCHAR(40) NOT NULL
);

CREATE TABLE walk_note (
  CONSTRAINT ck_walk_note_kind CHECK (kind IN ('vehicle', 'gave_up', 'back_otherwise')),
  CONSTRAINT fk_walk_note_activity_id FOREIGN KEY(activity_id) REFERENCES activity (id),
  CONSTRAINT fk_walk_note_registration_id FOREIGN KEY(registration_id) REFERENCES registration (id),
  CONSTRAINT pk_walk_note PRIMARY KEY (activity_id, registration_id, kind),
  activity_id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  by VARCHAR(40) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  note VARCHAR(200) NOT NULL,
  registration_id INTEGER NOT NULL
);

CREATE TABLE wording (
  CONSTRAINT ck_wording_lang CHECK (lang IN ('zh-CN', 'en')),
  CONSTRAINT fk_wording_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id),
  CONSTRAINT pk_wording PRIMARY KEY (campaign_id, kind, lang),
  campaign_id INTEGER NOT NULL,
  kind VARCHAR(40) NOT NULL,
  lang VARCHAR(10) NOT NULL,
  lines JSON NOT NULL,
  subject VARCHAR(120) NOT NULL
);
