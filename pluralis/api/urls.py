"""Addresses of the REST API; ``docs/reference/api.md`` tells how to use it."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from pluralis.api.views import inbox, people, posts, publishing, replies, review

# The document is the same for everybody and tells nothing of anybody.
document = SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[])

urlpatterns = [
    path(
        "openapi.yaml", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="openapi"
    ),
    path("me", people.Me.as_view(), name="api_me"),
    path("team", people.Team.as_view(), name="api_team"),
    path("accounts", people.Accounts.as_view(), name="api_accounts"),
    path("accounts/<uuid:account_id>", people.OneAccount.as_view(), name="api_account"),
    path("check", posts.Check.as_view(), name="api_check"),
    path("media", posts.Pictures.as_view(), name="api_pictures"),
    path("media/<uuid:media_id>", posts.OnePicture.as_view(), name="api_picture"),
    path("posts", posts.Posts.as_view(), name="api_posts"),
    path("posts/<uuid:post_id>", posts.OnePost.as_view(), name="api_post"),
    path("posts/<uuid:post_id>/discard", posts.Discard.as_view(), name="api_post_discard"),
    path("posts/<uuid:post_id>/schedule", posts.Schedule.as_view(), name="api_post_schedule"),
    path("posts/<uuid:post_id>/submit", review.Submit.as_view(), name="api_post_submit"),
    path("reviews", review.Reviews.as_view(), name="api_reviews"),
    path("reviews/<uuid:review_id>", review.OneReview.as_view(), name="api_review"),
    path("reviews/<uuid:review_id>/approve", review.Approve.as_view(), name="api_review_approve"),
    path("reviews/<uuid:review_id>/send-back", review.SendBack.as_view(), name="api_review_send_back"),
    path("reviews/<uuid:review_id>/withdraw", review.Withdraw.as_view(), name="api_review_withdraw"),
    path("reviews/<uuid:review_id>/plan", review.PlanApproved.as_view(), name="api_review_plan"),
    path("reviews/<uuid:review_id>/comments", review.Remarks.as_view(), name="api_review_comments"),
    path("reviews/<uuid:review_id>/links", review.Links.as_view(), name="api_review_links"),
    path("reviews/links/<uuid:link_id>/revoke", review.RevokeLink.as_view(), name="api_review_link_revoke"),
    path("accounts/<uuid:account_id>/review", review.Rule.as_view(), name="api_review_rule"),
    path("deliveries", publishing.Deliveries.as_view(), name="api_deliveries"),
    path("deliveries/<uuid:delivery_id>", publishing.OneDelivery.as_view(), name="api_delivery"),
    path("deliveries/<uuid:delivery_id>/move", publishing.Move.as_view(), name="api_delivery_move"),
    path("deliveries/<uuid:delivery_id>/cancel", publishing.Cancel.as_view(), name="api_delivery_cancel"),
    path("parts/<uuid:part_id>", publishing.OnePart.as_view(), name="api_part"),
    path("parts/<uuid:part_id>/again", publishing.Again.as_view(), name="api_part_again"),
    path("parts/<uuid:part_id>/link", publishing.Link.as_view(), name="api_part_link"),
    path("parts/<uuid:part_id>/let-be", publishing.LetBe.as_view(), name="api_part_let_be"),
    path("stop", publishing.Stop.as_view(), name="api_stop"),
    path("stop/lift", publishing.Lift.as_view(), name="api_stop_lift"),
    path("conversations", inbox.Conversations.as_view(), name="api_conversations"),
    path("conversations/<uuid:conversation_id>", inbox.OneConversation.as_view(), name="api_conversation"),
    path("conversations/<uuid:conversation_id>/claim", inbox.Claim.as_view(), name="api_claim"),
    path("conversations/<uuid:conversation_id>/release", inbox.Release.as_view(), name="api_release"),
    path("conversations/<uuid:conversation_id>/assign", inbox.Assign.as_view(), name="api_assign"),
    path("conversations/<uuid:conversation_id>/snooze", inbox.Snooze.as_view(), name="api_snooze"),
    path("conversations/<uuid:conversation_id>/resolve", inbox.Resolve.as_view(), name="api_resolve"),
    path("conversations/<uuid:conversation_id>/reopen", inbox.Reopen.as_view(), name="api_reopen"),
    path("conversations/<uuid:conversation_id>/answer", inbox.AnswerIt.as_view(), name="api_answer"),
    path("conversations/<uuid:conversation_id>/proposal", replies.Propose.as_view(), name="api_proposal"),
    path("conversations/<uuid:conversation_id>/relation", replies.Relation.as_view(), name="api_relation"),
    path("conversations/<uuid:conversation_id>/unmask", replies.Unmask.as_view(), name="api_unmask"),
    path("conversations/<uuid:conversation_id>/case", replies.Case.as_view(), name="api_case"),
    path("conversations/<uuid:conversation_id>/case/close", replies.CloseCase.as_view(), name="api_case_close"),
    path("messages/<uuid:message_id>/offer", replies.MakeOffer.as_view(), name="api_offer_message"),
    path("offers", replies.Offers.as_view(), name="api_offers"),
    path("offers/<uuid:offer_id>/decline", replies.DeclineOffer.as_view(), name="api_offer_decline"),
    path("balance", replies.Balance.as_view(), name="api_balance"),
    path("contacts/<uuid:contact_id>/export", replies.ExportContact.as_view(), name="api_contact_export"),
    path("contacts/<uuid:contact_id>/erase", replies.EraseContact.as_view(), name="api_contact_erase"),
    path("contacts/<uuid:contact_id>/hold", replies.HoldContact.as_view(), name="api_contact_hold"),
]
